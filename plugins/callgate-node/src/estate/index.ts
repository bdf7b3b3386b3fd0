export * from './EstateIntake';
export * from './EstateSource';
export * from './estateSourcesExtensionPoint';
