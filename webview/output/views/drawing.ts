/** A place to draw on, in grey: the pointer leaves a soft stroke; the keyboard moves a cursor and draws with space. */
import * as l10n from '@vscode/l10n';
import { context2d } from '../../kit/dom/canvas';
import { block } from '../../kit/dom/block';
import { toCss } from '../../kit/theme/color';
import type { Theme } from '../../kit/theme/theme';

export interface DrawingOptions {
  readonly id: string;
  readonly label: string;
  readonly height: number;
  readonly width: number;
}

export class Drawing {
  readonly element = block('drawing');
  readonly #canvas = document.createElement('canvas');
  readonly #options: DrawingOptions;
  readonly #changed: (pixels: readonly number[]) => void;
  #pixels: Float32Array;
  #cursor = { x: 0, y: 0 };
  #focused = false;
  #theme: Theme | undefined;

  constructor(options: DrawingOptions, changed: (pixels: readonly number[]) => void) {
    this.#options = options;
    this.#changed = changed;
    const { id, label, height, width } = options;
    this.#pixels = new Float32Array(height * width);
    this.#cursor = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    Object.assign(this.#canvas, { id, width, height, tabIndex: 0, role: 'application' });
    this.#canvas.ariaLabel = l10n.t('{0}: draw with the pointer, or with arrow keys and space', label);
    const clear = document.createElement('button');
    clear.type = 'button';
    clear.className = 'quiet-button';
    clear.textContent = l10n.t('Clear');
    clear.addEventListener('click', () => {
      this.#pixels.fill(0);
      this.#tell();
    });
    this.element.append(this.#canvas, clear);
    this.#listen();
  }

  set(pixels: readonly number[]): void {
    if (pixels.length === this.#pixels.length) this.#pixels = Float32Array.from(pixels);
  }

  draw(theme: Theme): void {
    this.#theme = theme;
    const { width, height } = this.#options;
    const image = new ImageData(width, height);
    this.#pixels.forEach((value, index) => {
      const grey = Math.round(value * 255);
      image.data.set([grey, grey, grey, 255], index * 4);
    });
    const context = context2d(this.#canvas);
    context.putImageData(image, 0, 0);
    if (!this.#focused) return;
    context.strokeStyle = toCss(theme.series[1] ?? theme.foreground);
    context.strokeRect(this.#cursor.x + 0.5, this.#cursor.y + 0.5, 0.01, 0.01);
  }

  #listen(): void {
    const at = (event: PointerEvent): { x: number; y: number } => {
      const { left, top, width, height } = this.#canvas.getBoundingClientRect();
      return {
        x: ((event.clientX - left) / width) * this.#options.width,
        y: ((event.clientY - top) / height) * this.#options.height,
      };
    };
    this.#canvas.addEventListener('pointerdown', (event) => {
      this.#canvas.setPointerCapture(event.pointerId);
      this.#stroke(at(event));
    });
    this.#canvas.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) this.#stroke(at(event));
    });
    this.#canvas.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    for (const kind of ['focus', 'blur'] as const)
      this.#canvas.addEventListener(kind, () => {
        this.#focused = kind === 'focus';
        if (this.#theme !== undefined) this.draw(this.#theme);
      });
  }

  #onKey(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    if (move === undefined && event.key !== ' ') return;
    // The notebook has these keys for itself otherwise.
    event.preventDefault();
    event.stopPropagation();
    const { width, height } = this.#options;
    const [x, y] = move ?? [0, 0];
    this.#cursor = {
      x: Math.min(width - 1, Math.max(0, this.#cursor.x + x)),
      y: Math.min(height - 1, Math.max(0, this.#cursor.y + y)),
    };
    if (event.key === ' ' || event.shiftKey) this.#stroke({ x: this.#cursor.x + 0.5, y: this.#cursor.y + 0.5 });
    else if (this.#theme !== undefined) this.draw(this.#theme);
  }

  /** As thick as a pen on a picture of this size: full within, fading at its edge. */
  #stroke({ x, y }: { readonly x: number; readonly y: number }): void {
    const { width, height } = this.#options;
    const radius = Math.max(width, height) / 20;
    const reach = Math.ceil(radius + 1);
    for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
      for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        const away = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const value = Math.min(1, Math.max(0, radius + 0.5 - away));
        const index = row * width + column;
        this.#pixels[index] = Math.max(this.#pixels[index] ?? 0, value);
      }
    }
    this.#tell();
  }

  #tell(): void {
    if (this.#theme !== undefined) this.draw(this.#theme);
    this.#changed(Array.from(this.#pixels, (value) => Number(value.toFixed(3))));
  }
}
