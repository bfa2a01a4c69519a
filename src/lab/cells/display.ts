/**
 * How an object of your own is shown under a cell: a method of this name gives what is shown in its place, any value, or
 * forms of it by MIME type, e.g. { 'text/html': '<b>7</b>' }; undefined shows nothing. The same symbol in every copy of
 * the lab.
 *
 *   class Board { [display]() { return this.squares; } }
 */
export const display: unique symbol = Symbol.for('deep-learning-lab.display');
