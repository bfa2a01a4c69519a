import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { REPORT_MARK } from './index';
import { extension } from './lab';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category?: string }[];
    readonly configuration: unknown;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}
const manifest = (): Manifest => extension().packageJSON as Manifest;

describe('main: activation', () => {
  it('succeeds; how long it took is told', async () => {
    const started = performance.now();
    await extension().activate();
    console.log(REPORT_MARK, `    activation: ${(performance.now() - started).toFixed(1)} ms`);
    assert.equal(extension().isActive, true);
  });

  it('registers every command that the manifest names', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest().contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
    assert.ok(manifest().contributes.commands.length >= 15);
  });

  it('gives every title in words, none left as a placeholder', () => {
    for (const { title, category } of manifest().contributes.commands) {
      assert.doesNotMatch(title, /%/);
      assert.equal(category, 'Deep Learning Lab');
    }
  });

  it('shows its views', async () => {
    for (const { id } of Object.values(manifest().contributes.views).flat()) {
      await vscode.commands.executeCommand(`${id}.focus`);
    }
  });

  it('gives every setting its documented default', () => {
    const configuration = vscode.workspace.getConfiguration('deepLearningLab');
    assert.equal(configuration.get('folder'), '');
    assert.equal(configuration.get('training.onClose'), 'continue');
    assert.equal(configuration.get('trainer.memoryLimit'), 0);
    assert.equal(configuration.get('stop.graceSeconds'), 5);
  });
});
