import SvgIcon, { type SvgIconProps } from '@material-ui/core/SvgIcon';

/** The portal's mark. */
export function GateIcon(props: SvgIconProps) {
  return (
    <SvgIcon viewBox="0 0 32 32" {...props}>
      <path
        d="M5 28V11l11-7 11 7v17"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M16 12v16M10.5 16v12M21.5 16v12"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </SvgIcon>
  );
}
