/** Which names a text has at its top: what it imports, as statements of one name each, and what it declares. */
import { parse } from '@babel/parser';
import type * as t from '@babel/types';
import { OPTIONS, walk } from './syntax';

export interface ImportedName {
  /** By which the text knows it. */
  readonly local: string;
  /** A statement that imports this name alone. */
  readonly statement: string;
}

export interface TopNames {
  readonly imports: readonly ImportedName[];
  /** Every name that the text's own top level declares, imports not among them. */
  readonly declared: ReadonlySet<string>;
}

/** Nothing of a text that cannot be read. Types are left out: they are gone when code runs. */
export function topNames(text: string): TopNames {
  let body: readonly t.Statement[];
  try {
    ({ body } = parse(text, OPTIONS).program);
  } catch {
    body = [];
  }
  const imports: ImportedName[] = [];
  const declared = new Set<string>();
  for (const statement of body) {
    if (statement.type === 'ImportDeclaration') imports.push(...namesOf(statement));
    else for (const name of declaredBy(statement)) declared.add(name);
  }
  return { imports, declared };
}

function namesOf({ specifiers, source, importKind }: t.ImportDeclaration): ImportedName[] {
  if (importKind === 'type') return [];
  const from = `from ${JSON.stringify(source.value)};`;
  return specifiers.flatMap((specifier): ImportedName[] => {
    const local = specifier.local.name;
    if (specifier.type === 'ImportDefaultSpecifier') return [{ local, statement: `import ${local} ${from}` }];
    if (specifier.type === 'ImportNamespaceSpecifier') return [{ local, statement: `import * as ${local} ${from}` }];
    if (specifier.importKind === 'type') return [];
    const { imported } = specifier;
    const name = imported.type === 'Identifier' ? imported.name : JSON.stringify(imported.value);
    return [{ local, statement: `import { ${name} as ${local} } ${from}` }];
  });
}

function declaredBy(statement: t.Statement): string[] {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration')
    return declaration.id ? [declaration.id.name] : [];
  if (declaration?.type !== 'VariableDeclaration') return [];
  const names: string[] = [];
  for (const { id } of declaration.declarations)
    walk(id, (node) => {
      if (node.type === 'Identifier') names.push(node.name);
    });
  return names;
}
