import Button from '@material-ui/core/Button';
import { useText } from '../../translation';
import { missingHeads } from './resolveOperations';
import type { RequestForm } from './useRequestForm';

/** The buttons that do what a finding says, where the form can do it. */
export function FindingFix(props: {
  code: string;
  form: RequestForm;
  /** Where the API runs. */
  clusters: readonly string[];
}) {
  const { code, form, clusters } = props;
  const t = useText();
  const heads = missingHeads(form.operations);
  if (code === 'head-not-included' && heads.length > 0) {
    return (
      <Button
        size="small"
        color="primary"
        onClick={() => form.setOperations([...form.operations, ...heads])}
      >
        {t('dialog.addHead')}
      </Button>
    );
  }
  if (code === 'scope-required' && clusters.length > 1) {
    return (
      <>
        {clusters.map(cluster => (
          <Button
            key={cluster}
            size="small"
            color="primary"
            onClick={() => form.setClusters([cluster])}
          >
            {t('dialog.onlyIn', { cluster })}
          </Button>
        ))}
        <Button
          size="small"
          color="primary"
          onClick={() => form.setClusters([...clusters])}
        >
          {t('dialog.inAll')}
        </Button>
      </>
    );
  }
  return null;
}
