import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';

describe('the folder of caches', () => {
  const usual = path.join(os.homedir(), '.cache', 'deep-learning-lab');

  it('is where the environment says', () => {
    assert.equal(defaultCache({ DEEP_LEARNING_LAB_CACHE: '/own' }, 'linux'), '/own');
    assert.equal(defaultCache({ XDG_CACHE_HOME: '/caches' }, 'linux'), path.join('/caches', 'deep-learning-lab'));
  });

  for (const [what, named] of Object.entries({ empty: '', relative: 'caches', 'relative to here': './caches' }))
    it(`is the usual one where the environment names one that is ${what}, not one beside whatever is started`, () => {
      assert.equal(defaultCache({ XDG_CACHE_HOME: named }, 'linux'), usual);
      assert.equal(
        defaultCache({ LOCALAPPDATA: named }, 'win32'),
        path.join(os.homedir(), 'AppData', 'Local', 'deep-learning-lab'),
      );
    });
});
