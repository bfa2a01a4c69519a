/** Steps as graphs of TensorFlow's. */
import type { NativeBackend } from '../../engine/native/internals';
import { nativeDraws } from './draws';
import type { Target } from '../target';
import { emit } from './emit';
import { GraphProgram } from './program';
import { GraphRecorder } from './recorder';
import { simplify } from './simplify/index';

export const graphTarget = (backend: NativeBackend): Target => ({
  draws: nativeDraws(backend, backend.binding),
  recorder: (variables, options) => new GraphRecorder(backend, variables, options),
  build: (trace, options) =>
    new GraphProgram(backend, emit(backend.binding, simplify(backend.binding, trace), options)),
});
