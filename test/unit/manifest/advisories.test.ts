/** Known advisories of what is shipped: looked up where the registry answers, and said where it does not. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './root';

/** Of `npm audit --json`, what is read here. */
interface Audit {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly via: readonly (string | { readonly title: string; readonly severity: string })[] }>
  >;
}

describe('what is shipped', () => {
  it('is known by what the bundles are made of', () => {
    const names = shipped();
    for (const name of ['esbuild', 'valibot', '@tensorflow/tfjs-core', 'vscode-jsonrpc', 'chart.js', 'lit-html'])
      assert.ok(names.has(name), name);
    for (const name of ['eslint', 'mocha', 'playwright-core', 'typescript']) assert.ok(!names.has(name), name);
  });

  it('is told apart from what only builds and tests it', () => {
    const grave = (title: string) => ({ title, severity: 'high' });
    const vulnerabilities = {
      valibot: { via: [grave('in what is shipped'), { title: 'of little weight', severity: 'low' }] },
      mocha: { via: [grave('in a tool'), 'valibot'] },
    };
    assert.deepEqual(advisories({ vulnerabilities }, shipped()), ['valibot: in what is shipped']);
  });

  it('has no known advisory of weight', async function () {
    this.timeout(120_000);
    const audit = await ask();
    if (audit?.vulnerabilities === undefined) {
      console.log('      (the registry answers no question about advisories: none was looked up)');
      this.skip();
    }
    assert.deepEqual(advisories(audit, shipped()), []);
  });
});

function advisories({ vulnerabilities = {} }: Audit, names: ReadonlySet<string>): string[] {
  return Object.entries(vulnerabilities)
    .filter(([name]) => names.has(name))
    .flatMap(([name, { via }]) =>
      via
        .filter((one) => typeof one !== 'string')
        .filter(({ severity }) => severity === 'high' || severity === 'critical')
        .map(({ title }) => `${name}: ${title}`),
    );
}

/** Packages of which a bundle has a file, and esbuild, which is shipped as it is. */
function shipped(): ReadonlySet<string> {
  const dist = path.join(repositoryRoot(), 'dist');
  const names = new Set(['esbuild']);
  for (const file of ['extension.js', 'trainer.js', 'cli.js', 'tsserver.js', 'watchdog.js', 'webview/panel.js']) {
    const { sources } = JSON.parse(fs.readFileSync(path.join(dist, `${file}.map`), 'utf8')) as { sources: string[] };
    for (const source of sources) {
      const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** Undefined where npm is not there, or hears nothing. It ends with 1 where there are advisories. */
function ask(): Promise<Audit | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: repositoryRoot(), timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    execFile('npm', ['audit', '--json'], options, (_, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Audit);
      } catch {
        resolve(undefined);
      }
    });
  });
}
