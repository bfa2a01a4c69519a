/** A code means one thing: who speaks of it (documentation, tests, the host) can rely on it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../manifest/root';

const root = repositoryRoot();

/** Codes that more than one function makes, all of which mean the same: what that is. */
const FAMILIES: Readonly<Record<string, string>> = {
  CANCELLED: 'whoever asked does not want it any more',
  CHECKPOINT_DAMAGED: 'what a checkpoint needs is not all there, or cannot be read',
  DATA_INVALID: 'data is not what its data set declares, or not what the model can take',
  DATA_LABEL_RANGE: 'a label is none of the classes',
  ENGINE_LOAD_FAILED: 'the engine throws, or ends the process, while it is loaded',
  ENGINE_PROBE_FAILED: 'an engine computes wrong results',
  EXERCISE_UNKNOWN: 'a lesson has no such exercise',
  EXPERIMENT_INVALID: 'a field of an experiment is not what it may be',
  INTERNAL: 'a fault of ours',
  LESSON_INVALID: 'the files of a lesson are not as they have to be',
  LESSON_UNKNOWN: 'there is no such lesson',
  MODEL_IMPORT: 'what a model file imports cannot be found',
  MODEL_LOSS_VALUE: 'a loss does not return what it has to',
  MODEL_METRIC_VALUE: 'a metric does not return what it has to',
  MODEL_SHAPE: 'shapes of model, data and loss do not fit',
  MODEL_SYNTAX: 'a model file or a cell is not valid TypeScript',
  MODEL_THREW: "the learner's code, or TensorFlow in it, threw",
  MODEL_UNKNOWN_NAME: 'a misspelt name of the lab or of TensorFlow.js',
  OUT_OF_MEMORY: 'the trainer has used up its memory',
  PROTOCOL_VERSION: 'client and trainer are of two versions: the trainer says it, and its client, who knows what stays',
  RUN_ACTIVE: 'a run that is still training cannot be deleted',
  TRAINER_BLOCKED: "the learner's code did not let go of its process, which was ended",
  TRAINER_BUSY: 'a trainer has other work to do',
  TRAINER_DIED: "the trainer's process ended by itself",
  TRAINER_START: 'a trainer does not start',
};

function sourcesIn(folder: string): ts.SourceFile[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = path.join(folder, name);
      return ts.createSourceFile(file, fs.readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    });
}

function codesOf(source: ts.SourceFile): Set<string> {
  const codes = new Set<string>();
  source.forEachChild((node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== 'LabErrorCode' || !ts.isUnionTypeNode(node.type)) return;
    for (const type of node.type.types)
      if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) codes.add(type.literal.text);
  });
  return codes;
}

/** Whether the literal gives an error its code, rather than asking for one. */
function gives({ parent }: ts.StringLiteral): boolean {
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === 'code';
  return ts.isCallExpression(parent) || ts.isConditionalExpression(parent) || ts.isParameter(parent);
}

/** The function around it that has a name. */
function makerOf(node: ts.Node): string {
  for (let at: ts.Node = node; ; at = at.parent) {
    if (ts.isSourceFile(at)) return at.fileName;
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at) || ts.isVariableDeclaration(at)) && at.name)
      return `${at.getSourceFile().fileName}: ${at.name.getText()}`;
  }
}

describe('the codes of errors', () => {
  const sources = ['src', 'webview'].flatMap(sourcesIn);
  const codes = codesOf(sources.find(({ fileName }) => fileName.endsWith(path.join('protocol', 'errors.ts')))!);
  const makers = new Map([...codes].map((code) => [code, new Set<string>()]));
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && gives(node)) makers.get(node.text)?.add(makerOf(node));
    node.forEachChild(visit);
  };
  sources.forEach(visit);

  it('are each made somewhere', () => {
    assert.ok(codes.size > 40);
    assert.deepEqual(
      [...makers].filter(([, of]) => of.size === 0).map(([code]) => code),
      [],
    );
  });

  it('are each made by one function, or by several for one meaning', () => {
    const several = [...makers].filter(([code, of]) => of.size > 1 && FAMILIES[code] === undefined);
    assert.deepEqual(Object.fromEntries(several.map(([code, of]) => [code, [...of]])), {});
  });
});
