import type { Finding } from '../../../shared/model/finding.ts';
import { bold, dim, plain, red, yellow } from './output.ts';

const paint: Record<Finding['severity'], (text: string) => string> = {
  high: red,
  medium: yellow,
  low: bold,
  note: dim,
};

/** One finding: how grave, what, and where it is written. */
export function findingLine({ severity, text, source, code }: Finding): string {
  return `  ${paint[severity](severity.padEnd(6))}  ${plain(text)}  ${dim(`${source} · ${code}`)}`;
}
