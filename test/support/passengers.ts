/** A table as competitions of beginners have it. */
import { createRandom } from '../../src/lab/random';

/** In the form of the passengers of the Titanic: names, holes, numbers that are kinds, a number of each row. */
export function passengers(rows: number): string {
  const random = createRandom(5);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)] as T;
  const lines = Array.from({ length: rows }, (_, i) => {
    const [sex, pclass] = [pick(['male', 'female']), pick([1, 2, 3])];
    const survived = random.next() < (sex === 'female' ? 0.8 : 0.2) - 0.1 * (pclass - 2) ? 1 : 0;
    const age = random.next() < 0.2 ? '' : String(Math.floor(80 * random.next()));
    return `${i + 1},${survived},${pclass},"Doe, Mr. ${i}",${sex},${age},${(90 * random.next()).toFixed(2)}`;
  });
  return ['PassengerId,Survived,Pclass,Name,Sex,Age,Fare', ...lines, ''].join('\n');
}
