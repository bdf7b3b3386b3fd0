export * from './forgeConformance';
