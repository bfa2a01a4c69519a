/** Files whose code cells a kernel runs: it is the kernel's project. */
export function isNotebookFile(file: string): boolean {
  return /\.(?:lab\.md|ipynb)$/i.test(file);
}
