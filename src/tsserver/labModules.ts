import type ts from 'typescript';

/**
 * Makes 'deep-learning-lab' and TensorFlow.js known to the files of a project, where its own configuration finds
 * none.
 */
export function resolveLab(typescript: typeof ts, host: ts.LanguageServiceHost, options: ts.CompilerOptions): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (resolve === undefined) return;
  host.resolveModuleNameLiterals = (literals, file, redirected, own, sourceFile, reused) =>
    resolve(literals, file, redirected, own, sourceFile, reused).map((found, index) => {
      const name = literals[index]?.text ?? '';
      if (found.resolvedModule !== undefined || !isOfTheLab(name)) return found;
      const { resolvedModule } = typescript.resolveModuleName(name, file, options, host);
      return resolvedModule === undefined ? found : { ...found, resolvedModule };
    });
}

function isOfTheLab(name: string): boolean {
  return name === 'deep-learning-lab' || name.startsWith('@tensorflow/tfjs');
}
