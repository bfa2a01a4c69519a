import type ts from 'typescript';

/** A name that a cell makes known to the cells below it. */
export interface Declaration {
  readonly kind: ts.ScriptElementKind;
  /** The cell exports it itself. */
  readonly exported: boolean;
  /** `let` and `var`: cells below may assign to it. */
  readonly assignable: boolean;
}

/** Everything that is declared at the top level of a cell, also by imports, and `var` wherever it is hoisted from. */
export function declarationsOf(typescript: typeof ts, file: ts.SourceFile): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  const { ScriptElementKind: kinds } = typescript;

  const add = (name: ts.Node | undefined, kind: ts.ScriptElementKind, options: Partial<Declaration> = {}): void => {
    if (name === undefined) return;
    if (typescript.isIdentifier(name)) {
      if (name.text !== '') found.set(name.text, { kind, exported: false, assignable: false, ...options });
    } else if (typescript.isObjectBindingPattern(name) || typescript.isArrayBindingPattern(name)) {
      for (const element of name.elements) if (typescript.isBindingElement(element)) add(element.name, kind, options);
    }
  };

  const variables = (list: ts.VariableDeclarationList, exported = false): void => {
    const block = (list.flags & typescript.NodeFlags.BlockScoped) !== 0;
    // Also `using`.
    const constant = block && (list.flags & typescript.NodeFlags.Let) === 0;
    const kind = constant ? kinds.constElement : block ? kinds.letElement : kinds.variableElement;
    for (const { name } of list.declarations) add(name, kind, { exported, assignable: !constant });
  };

  /** `var` leaves every block but a function's. */
  const hoisted = (node: ts.Node): void => {
    if (typescript.isFunctionLike(node) || typescript.isClassLike(node) || typescript.isModuleDeclaration(node)) return;
    if (typescript.isVariableDeclarationList(node) && (node.flags & typescript.NodeFlags.BlockScoped) === 0) {
      variables(node);
    }
    typescript.forEachChild(node, hoisted);
  };

  const imports = ({ importClause }: ts.ImportDeclaration): void => {
    if (importClause === undefined) return;
    add(importClause.name, kinds.alias);
    const bindings = importClause.namedBindings;
    if (bindings === undefined) return;
    if (typescript.isNamespaceImport(bindings)) add(bindings.name, kinds.alias);
    else for (const { name } of bindings.elements) add(name, kinds.alias);
  };

  for (const statement of file.statements) {
    const exported = isExported(typescript, statement);
    if (typescript.isVariableStatement(statement)) variables(statement.declarationList, exported);
    else if (typescript.isFunctionDeclaration(statement)) add(statement.name, kinds.functionElement, { exported });
    else if (typescript.isClassDeclaration(statement)) add(statement.name, kinds.classElement, { exported });
    else if (typescript.isInterfaceDeclaration(statement)) add(statement.name, kinds.interfaceElement, { exported });
    else if (typescript.isTypeAliasDeclaration(statement)) add(statement.name, kinds.typeElement, { exported });
    else if (typescript.isEnumDeclaration(statement)) add(statement.name, kinds.enumElement, { exported });
    else if (typescript.isModuleDeclaration(statement)) {
      if (!isGlobal(typescript, statement)) add(statement.name, kinds.moduleElement, { exported });
    } else if (typescript.isImportEqualsDeclaration(statement)) add(statement.name, kinds.alias, { exported });
    else if (typescript.isImportDeclaration(statement)) imports(statement);
    else hoisted(statement);
  }
  // `export { a, b as c }` takes the names a and c.
  for (const statement of file.statements) {
    if (!typescript.isExportDeclaration(statement) || statement.exportClause === undefined) continue;
    if (!typescript.isNamedExports(statement.exportClause)) continue;
    for (const { name } of statement.exportClause.elements) {
      const declaration = found.get(name.text);
      if (declaration !== undefined) found.set(name.text, { ...declaration, exported: true });
    }
  }
  return found;
}

function isExported(typescript: typeof ts, statement: ts.Statement): boolean {
  if (!typescript.canHaveModifiers(statement)) return false;
  const kinds = (typescript.getModifiers(statement) ?? []).map(({ kind }) => kind);
  // A default export has the name `default`.
  return kinds.includes(typescript.SyntaxKind.ExportKeyword) && !kinds.includes(typescript.SyntaxKind.DefaultKeyword);
}

function isGlobal(typescript: typeof ts, { flags }: ts.ModuleDeclaration): boolean {
  return (flags & typescript.NodeFlags.GlobalAugmentation) !== 0;
}
