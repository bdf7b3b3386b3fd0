export {
  AccessSidebarItem,
  type AccessSidebarItemProps,
} from './AccessSidebarItem';
