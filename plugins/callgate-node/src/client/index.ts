export * from './accessInput';
export * from './CallgateRest';
export * from './describePreview';
