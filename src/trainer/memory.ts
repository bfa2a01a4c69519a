/** How much memory this process may still take. */

export const MB = 2 ** 20;

/** @param limitMB the process is ended above it */
export function memoryLeftMB(limitMB: number): number {
  const left = limitMB - process.memoryUsage.rss() / MB;
  return Math.floor(Math.min(left, process.availableMemory() / MB));
}
