import assert from 'node:assert/strict';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import ts from 'typescript';
import { argumentsOf, LAYER_FUNCTIONS } from '../../../src/trainer/inspection/layerArguments';
import { repositoryRoot } from '../manifest/root';

/** What tfjs's declarations say, read with the TypeScript compiler. */
function declared(): Map<string, string[]> {
  const file = path.join(repositoryRoot(), 'node_modules/@tensorflow/tfjs-layers/dist/exports_layers.d.ts');
  const program = ts.createProgram([file], { skipLibCheck: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file)!;
  const result = new Map<string, string[]>();
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)) {
    const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const [parameter] = checker.getTypeOfSymbolAtLocation(real, source).getCallSignatures()[0]?.parameters ?? [];
    if (parameter === undefined) continue;
    const type = checker.getTypeOfSymbolAtLocation(parameter, source);
    result.set(
      symbol.name,
      type.getApparentProperties().map(({ name }) => name),
    );
  }
  return result;
}

describe('the table of layer arguments', () => {
  it('knows every layer and argument that tfjs declares', () => {
    const all = declared();
    assert.ok(all.size > 50);
    assert.deepEqual([...LAYER_FUNCTIONS].sort(), [...all.keys()].sort());
    for (const [layer, names] of all) {
      const known = argumentsOf(layer) ?? [];
      // Keras's own spelling of some base arguments, which no function of tfjs reads.
      const missing = names.filter((name) => !known.includes(name) && !name.includes('_'));
      assert.deepEqual(missing, [], layer);
    }
  });

  it('has nothing that tfjs does not have', () => {
    for (const layer of LAYER_FUNCTIONS) {
      assert.equal(typeof Reflect.get(tf.layers, layer), 'function', layer);
    }
    assert.equal(argumentsOf('dens'), undefined);
    assert.equal(argumentsOf('constructor'), undefined);
  });
});
