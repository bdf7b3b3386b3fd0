import { npmCommand, quiet } from './process.mjs';

/**
 * Yarn does not read npm's configuration. What npm knows about the way to its
 * registry is handed over in the environment, so that no host gets into a file.
 */
export async function registrySettings(env = process.env) {
  const npm = await npmSettings();
  return toYarnEnvironment(npm, env);
}

export function toYarnEnvironment(npm, env) {
  const settings = {};
  const hand = (name, value) => {
    if (value && !env[name]) {
      settings[name] = String(value);
    }
  };
  hand('YARN_NPM_REGISTRY_SERVER', npm.registry?.replace(/\/$/, ''));
  hand('YARN_HTTP_PROXY', npm.proxy);
  hand('YARN_HTTPS_PROXY', npm['https-proxy']);
  hand('YARN_HTTPS_CA_FILE_PATH', npm.cafile);
  if (npm.registry?.startsWith('http://')) {
    hand('YARN_UNSAFE_HTTP_WHITELIST', new URL(npm.registry).hostname);
  }
  return settings;
}

async function npmSettings() {
  const npm = npmCommand();
  try {
    const { status, output } = await quiet(
      npm.program,
      [...npm.args, 'config', 'list', '--json', '--loglevel=silent'],
      { shell: npm.shell },
    );
    return status === 0 ? JSON.parse(output.slice(output.indexOf('{'))) : {};
  } catch {
    // Without npm, Yarn's own configuration is all there is.
    return {};
  }
}
