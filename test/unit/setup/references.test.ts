/** What is added to tfjs-node's binding, compiled into an addon of its own whose threads can be told what to do. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { requireCompiler } from '../../../src/setup/engine/binding';
import { paths, root } from '../../support/world';
import { Folder } from './folder';

/** hold(array) keeps it; giveBack(elsewhere) gives the oldest one back, on a thread of its own or on this one. */
const ADDON = `
#include <node_api.h>
#include <deque>
#include <thread>
static std::deque<napi_ref> held;
static napi_value Hold(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value array;
  napi_ref ref;
  napi_get_cb_info(env, info, &count, &array, nullptr, nullptr);
  napi_create_reference(env, array, 1, &ref);
  held.push_back(ref);
  return nullptr;
}
static napi_value GiveBack(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  bool elsewhere = false;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  napi_get_value_bool(env, value, &elsewhere);
  napi_ref ref = held.front();
  held.pop_front();
  if (elsewhere) std::thread([=] { napi_delete_reference(env, ref); }).join();
  else napi_delete_reference(env, ref);
  return nullptr;
}
NAPI_MODULE_INIT() {
  napi_value hold, give;
  napi_create_function(env, "hold", NAPI_AUTO_LENGTH, Hold, nullptr, &hold);
  napi_create_function(env, "giveBack", NAPI_AUTO_LENGTH, GiveBack, nullptr, &give);
  napi_set_named_property(env, exports, "hold", hold);
  napi_set_named_property(env, exports, "giveBack", give);
  return exports;
}
`;

/** Which of three arrays are still held: after one was given back elsewhere, then after one was here. */
const PROGRAM = `
const { hold, giveBack } = require('./references.node');
const arrays = [];
for (let i = 0; i < 3; i++) {
  const array = new Float32Array(1024);
  hold(array);
  arrays.push(new WeakRef(array));
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));
const held = async () => {
  for (let i = 0; i < 3; i++) { await turn(); gc(); }
  return arrays.map((array) => array.deref() !== undefined);
};
(async () => {
  giveBack(true);
  const elsewhere = await held();
  giveBack(false);
  const here = await held();
  for (let i = 0; i < 20_000; i++) { hold(new Float32Array(8)); giveBack(i % 3 > 0); if (i % 500 === 0) gc(); }
  console.log(JSON.stringify({ elsewhere, here }));
})();
`;

describe('the references of the binding', () => {
  it("given back on another thread are deleted on JavaScript's, with the next one given back there", async () => {
    const folder = new Folder();
    try {
      const source = path.join(root, 'dist', 'binding');
      const addon = folder.write('addon.cc', ADDON);
      const built = folder.at('references.node');
      const compiler = await requireCompiler({ paths, env: process.env });
      execFileSync(compiler, [
        ...[
          '-std=c++17',
          '-O1',
          '-fPIC',
          '-shared',
          '-pthread',
          '-DNAPI_VERSION=8',
          '-DNODE_GYP_MODULE_NAME=references',
        ],
        ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
        ...['-isystem', path.join(source, 'include'), '-include', path.join(source, 'references.h')],
        ...[addon, path.join(source, 'references.cc'), '-o', built],
      ]);
      const program = folder.write('program.cjs', PROGRAM);
      const printed = execFileSync(process.execPath, ['--expose-gc', program], { encoding: 'utf8' });
      assert.deepEqual(JSON.parse(printed), { elsewhere: [true, true, true], here: [false, false, true] });
      assert.ok(fs.existsSync(built));
    } finally {
      folder.dispose();
    }
  });
});

describe('the symbols of the binding', () => {
  it('are none that a standard library lacks with which TensorFlow itself loads, whatever compiled it', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = new Folder();
    try {
      const compiler = await requireCompiler({ paths, env: process.env });
      // As the binding does: room for a number of elements that is known at run time only.
      const source = folder.write(
        'room.cc',
        '#include <memory>\nlong *room(std::size_t n) { return std::allocator<long>().allocate(n); }\n',
      );
      const built = folder.at('room.so');
      const older = path.join(root, 'dist', 'binding', 'older.cc');
      execFileSync(compiler, ['-std=c++17', '-O2', '-fPIC', '-shared', source, older, '-o', built]);
      const symbols = execFileSync('objdump', ['-T', built], { encoding: 'utf8' });
      const needed = [...symbols.matchAll(/GLIBCXX_3\.4\.(\d+)/g)].map((match) => Number(match[1]));
      assert.ok(symbols.includes('GLIBCXX_3.4'), symbols);
      assert.deepEqual(
        needed.filter((version) => version > 22),
        [],
        symbols,
      );
    } finally {
      folder.dispose();
    }
  });
});
