export {
  RELATION_ADMITS,
  RELATION_ADMITTED_BY,
  RELATION_GUARDED_BY,
  RELATION_GUARDS,
} from '@callgate/plugin-callgate-common';
