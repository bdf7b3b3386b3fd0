import { Link } from '@backstage/core-components';
import Tooltip from '@material-ui/core/Tooltip';
import { makeStyles } from '@material-ui/core/styles';
import ApartmentIcon from '@material-ui/icons/Apartment';
import CategoryIcon from '@material-ui/icons/Category';
import ExtensionIcon from '@material-ui/icons/Extension';
import HelpIcon from '@material-ui/icons/HelpOutline';
import LanguageIcon from '@material-ui/icons/Language';
import MemoryIcon from '@material-ui/icons/Memory';
import PeopleIcon from '@material-ui/icons/People';
import PersonIcon from '@material-ui/icons/Person';
import VisibilityOffIcon from '@material-ui/icons/VisibilityOff';
import WorkIcon from '@material-ui/icons/WorkOutline';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import { titleOf } from './entityName';
import { accentText, quietText } from './tones';

const ICONS: { [kind: string]: typeof MemoryIcon } = {
  component: MemoryIcon,
  api: ExtensionIcon,
  resource: WorkIcon,
  system: CategoryIcon,
  domain: ApartmentIcon,
  group: PeopleIcon,
  user: PersonIcon,
  gateway: LanguageIcon,
  cidr: LanguageIcon,
};

const useStyles = makeStyles(theme => ({
  root: { display: 'inline', overflowWrap: 'anywhere' },
  icon: {
    fontSize: '1.15em',
    verticalAlign: '-0.2em',
    marginRight: theme.spacing(0.5),
    color: quietText(theme),
  },
  link: { color: accentText(theme), fontWeight: 600 },
  strong: { fontWeight: 600 },
  quiet: { color: quietText(theme) },
}));

/**
 * An entity as people read it: its title, the namespace when it is not the default one, the full ref on hover. One that
 * the reader may not see stays a caller; one that has vanished keeps its name.
 */
export function EntityName(props: {
  entity: EntityLabel;
  icon?: boolean;
  /** The path below the entity's page, for example `access`. */
  tab?: string;
  /** Text instead of a link. */
  plain?: boolean;
}) {
  const { entity, icon, tab, plain } = props;
  const classes = useStyles();
  const t = useText();
  const entityPath = useEntityPath();
  const Icon =
    entity.state === 'hidden'
      ? VisibilityOffIcon
      : ICONS[entity.kind.toLowerCase()] ?? HelpIcon;
  const mark = icon && <Icon className={classes.icon} aria-hidden />;
  const name = titleOf(t, entity);
  if (entity.state === 'hidden') {
    return (
      <span className={`${classes.root} ${classes.quiet}`}>
        {mark}
        {name}
      </span>
    );
  }
  const path =
    plain || entity.state === 'missing'
      ? undefined
      : entityPath(entity.ref, tab);
  const title = (
    <Tooltip title={entity.ref}>
      {path ? (
        <Link to={path} className={classes.link}>
          <bdi>{name}</bdi>
        </Link>
      ) : (
        <bdi className={classes.strong}>{name}</bdi>
      )}
    </Tooltip>
  );
  return (
    <span className={classes.root}>
      {mark}
      {entity.gateway
        ? t(`gateway.${entity.gateway.takesFrom}`, { gateway: title })
        : title}
      {entity.namespace &&
        entity.namespace !== 'default' &&
        entity.kind !== 'workload' && (
          <span className={classes.quiet}>
            {' '}
            {t('marks.inNamespace', { namespace: entity.namespace })}
          </span>
        )}
      {entity.state === 'missing' && (
        <span className={classes.quiet}> {t('marks.missingEntity')}</span>
      )}
    </span>
  );
}
