export * from './Ownership';
