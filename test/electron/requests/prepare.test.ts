import { describe, expect, it } from 'vitest';
import { prepareRequest } from '../../../electron/requests/prepare.ts';
import { mask } from '../../../electron/requests/variables.ts';
import { type ApiRequest, requestSchema } from '../../../shared/model/request.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './test-server.ts';

const values: Record<string, string | Secret> = {
  item: 'Notebook',
  key: new Secret('MARKER-key'),
  broken: 'x\r\nEvil: 1',
};

function prepared(request: Partial<ApiRequest>) {
  const whole = requestSchema.parse({ name: 'x', url: 'https://x.example/', ...request });
  return prepareRequest(whole, async (name) => values[name]);
}

const header = (headers: { name: string; value: string }[], name: string) =>
  headers.filter((one) => one.name.toLowerCase() === name).map(({ value }) => value);

describe('prepareRequest', () => {
  it('adds the defaults that the request does not set itself', async () => {
    const { outgoing, shown } = await prepared({ headers: [{ name: 'Accept', value: 'text/csv' }] });
    expect(outgoing.headers).toEqual([
      { name: 'Accept', value: 'text/csv' },
      { name: 'accept-encoding', value: 'gzip, deflate, br' },
      { name: 'user-agent', value: 'Grantwright' },
    ]);
    expect(shown.headers).toEqual(outgoing.headers);
    expect(outgoing.body).toBeNull();
  });

  it('sends a JSON body as typed, right or wrong, with its content type', async () => {
    const { outgoing } = await prepared({
      method: 'POST',
      body: { kind: 'json', text: '{"item": "{{item}}", oops' },
    });
    expect(outgoing.body).toBe('{"item": "Notebook", oops');
    expect(header(outgoing.headers, 'content-type')).toEqual(['application/json']);
  });

  it('lets the content type of the request stand', async () => {
    const { outgoing } = await prepared({
      method: 'POST',
      headers: [{ name: 'content-type', value: 'application/merge-patch+json' }],
      body: { kind: 'json', text: '{}' },
    });
    expect(header(outgoing.headers, 'content-type')).toEqual(['application/merge-patch+json']);
  });

  it('takes the content type of a text body, or none', async () => {
    const typed = await prepared({
      method: 'POST',
      body: { kind: 'text', contentType: 'text/csv', text: 'a;b' },
    });
    expect(header(typed.outgoing.headers, 'content-type')).toEqual(['text/csv']);
    const untyped = await prepared({ method: 'POST', body: { kind: 'text', contentType: ' ', text: 'a;b' } });
    expect(header(untyped.outgoing.headers, 'content-type')).toEqual([]);
  });

  it('masks secrets in what is shown', async () => {
    const { outgoing, shown } = await prepared({
      url: 'https://x.example/?key={{key}}',
      headers: [{ name: 'X-Key', value: 'k {{key}}' }],
    });
    expect(outgoing.url).toContain('MARKER-key');
    expect(header(outgoing.headers, 'x-key')).toEqual(['k MARKER-key']);
    expect(header(shown.headers, 'x-key')).toEqual([`k ${mask}`]);
    expect(JSON.stringify(shown)).not.toContain('MARKER');
  });

  it('keeps headers of the same name, and skips empty rows', async () => {
    const { outgoing } = await prepared({
      headers: [
        { name: 'X-A', value: '1' },
        { name: '', value: '' },
        { name: 'x-a', value: '2' },
      ],
    });
    expect(header(outgoing.headers, 'x-a')).toEqual(['1', '2']);
  });

  it.each<[string, Partial<ApiRequest>]>([
    ['a line break from a variable', { headers: [{ name: 'x', value: '{{broken}}' }] }],
    ['a value without a name', { headers: [{ name: '', value: 'x' }] }],
    ['a content type with a line break', { body: { kind: 'text', contentType: 'a\r\nb: c', text: 'x' } }],
    ['a HEAD request with a body', { method: 'HEAD', body: { kind: 'json', text: '{}' } }],
  ])('refuses %s', async (_what, request) => {
    expect((await failureOf(prepared(request))).code).toBe('request_invalid');
  });

  it('names the variable that a body needs', async () => {
    const error = await failureOf(prepared({ method: 'POST', body: { kind: 'json', text: '{{nothing}}' } }));
    expect(error.details).toEqual({ variable: 'nothing' });
  });
});
