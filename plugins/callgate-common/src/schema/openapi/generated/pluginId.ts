export const pluginId = 'callgate';
