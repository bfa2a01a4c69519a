import { analyse } from './analyse';

/** Whether the experiment of a model file has a `chat`. */
export function hasChat(text: string): boolean {
  return analyse(text).experiment?.fields.some(({ name }) => name === 'chat') === true;
}
