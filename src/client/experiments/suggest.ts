/** What a table is probably about. */
import type { ColumnLook, TableLook } from '../../protocol/dataLook';

/** Names that people give to what they want to predict. */
const TARGET =
  /^(target|label|labels|class|classes|y|outcome|output|result|species|variety|diagnosis|survived|quality|price|sale_?price|median_?house_?value|medv|churn|default|spam|sentiment|category)$/i;
/** Numbers that are names of kinds. */
const KINDS = /class$|code$|type$|^zip|postal|category|^month$|^weekday$|^day_?of_?week$|region|district/i;
/** A target of whole numbers is a class as long as there are no more of them, as datasets.csv has it. */
const MOST_CLASSES = 20;
const MOST_KINDS = 30;

export const isClasses = ({ numbers, whole, distinct }: ColumnLook): boolean =>
  !numbers || (whole && distinct <= MOST_CLASSES);

/** Whether it can be predicted: neither the same everywhere nor another text in each row. */
export const isTarget = (column: ColumnLook): boolean =>
  column.distinct > 1 && (column.numbers || (!column.idle && column.distinct <= column.filled / 2));

/** The columns that can be predicted, the most probable one first, else in the order of the table. */
export function targetsOf({ columns }: TableLook): readonly ColumnLook[] {
  const possible = columns.filter(isTarget);
  const likely = possible.find(({ name }) => TARGET.test(name)) ?? possible.findLast(({ idle }) => !idle);
  return likely === undefined ? possible : [likely, ...possible.filter((column) => column !== likely)];
}

/** All others that are worth it. */
export const featuresOf = ({ columns }: TableLook, target: string): readonly ColumnLook[] =>
  columns.filter(({ name, idle }) => name !== target && !idle);

/** Of the features, those whose numbers are names of kinds. */
export const kindsOf = (features: readonly ColumnLook[]): readonly ColumnLook[] =>
  features.filter(
    ({ name, numbers, whole, distinct }) =>
      numbers && whole && distinct > 2 && distinct <= MOST_KINDS && KINDS.test(name),
  );
