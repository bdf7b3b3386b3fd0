export * from './EstateSource';
export * from './estateSourcesExtensionPoint';
