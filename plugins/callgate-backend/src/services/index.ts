export * from './credentials';
export * from './Services';
