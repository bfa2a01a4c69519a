import path from 'node:path';
import type ts from 'typescript';

/** Where `scripts/types.mjs` puts the lab's declarations: beside this bundle. */
const TYPES = path.join(__dirname, 'types').replaceAll(path.sep, '/');
const IN_A_WORKING_COPY = '../.lab/types';

const cached = new WeakMap<object, ts.CompilerOptions>();

/** The compiler options of a working copy, with the declarations of this installation. undefined: there are none. */
export function labOptions(typescript: typeof ts, server: ts.server.ServerHost): ts.CompilerOptions | undefined {
  const known = cached.get(server);
  if (known !== undefined) return known;
  const template = server.readFile(`${TYPES}/tsconfig.template.json`);
  if (template === undefined) return undefined;
  const { compilerOptions } = JSON.parse(template.replaceAll(IN_A_WORKING_COPY, TYPES)) as { compilerOptions: unknown };
  const { options } = typescript.convertCompilerOptionsFromJson(compilerOptions, TYPES);
  cached.set(server, options);
  return options;
}
