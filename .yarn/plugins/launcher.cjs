// `yarn start` and `yarn test` in a checkout that was never installed: Yarn's own way to run a script refuses there,
// before the script could install anything.
const path = require('node:path');
const { spawn } = require('node:child_process');

module.exports = {
  name: 'callgate-launcher',
  factory(require) {
    const { BaseCommand } = require('@yarnpkg/cli');
    const { Option } = require('clipanion');

    const launch = name =>
      class extends BaseCommand {
        static paths = [[name]];

        args = Option.Proxy();

        execute() {
          const launcher = path.resolve(__dirname, '../../scripts/run.mjs');
          return new Promise((resolve, reject) => {
            const child = spawn(
              process.execPath,
              [launcher, name, ...this.args],
              { stdio: 'inherit', cwd: path.dirname(path.dirname(launcher)) },
            );
            // The terminal sends Ctrl+C to both; the launcher decides when it is over.
            process.on('SIGINT', () => {});
            process.on('SIGTERM', () => child.kill('SIGTERM'));
            child.on('error', reject);
            child.on('exit', code => resolve(code ?? 1));
          });
        }
      };

    return {
      commands: ['start', 'test', 'tsc', 'lint', 'api-reports'].map(launch),
    };
  },
};
