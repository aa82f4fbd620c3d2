import type { Finding } from '../../../shared/model/finding.ts';
import { bodyQuirks, contentQuirks, decoded } from './body-quirks.ts';
import { mended, type QuirkContext } from './quirk.ts';

/** The body of an answer, taken apart. */
export interface ReadBody {
  /** Decoded. */
  text: string;
  /** Its JSON, or the members of what stands in place of JSON; undefined: nothing of the kind. */
  value: unknown;
  /** How it is not written as RFC 6749 section 5.1 and RFC 8259 have it. */
  findings: Finding[];
}

/** Reads the body of an answer, however it is written. */
export async function readBody(response: Response, context: QuirkContext): Promise<ReadBody> {
  const raw = {
    bytes: new Uint8Array(await response.arrayBuffer()),
    contentType: response.headers.get('content-type'),
    text: '',
    json: null,
    value: undefined,
  };
  const opened = mended(bodyQuirks, raw, context);
  const { subject, findings } = mended(contentQuirks, decoded(opened.subject), context);
  return { text: subject.text, value: subject.value, findings: [...opened.findings, ...findings] };
}
