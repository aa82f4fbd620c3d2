import { describe, expect, it } from 'vitest';
import { mask, resolveTemplate, type VariableLookup } from '../../../electron/requests/variables.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './test-server.ts';

function from(values: Record<string, string | Secret>): VariableLookup {
  return async (name) => (Object.hasOwn(values, name) ? values[name] : undefined);
}

describe('resolveTemplate', () => {
  it('fills in references, also inside values', async () => {
    const lookup = from({ base: 'https://{{host}}/api', host: 'x.example', id: '7' });
    const resolved = await resolveTemplate('{{base}}/orders/{{ id }}?again={{id}}', lookup);
    expect(resolved.text).toBe('https://x.example/api/orders/7?again=7');
    expect(resolved.shown).toBe(resolved.text);
    expect(resolved.secrets).toEqual([]);
  });

  it.each([
    '',
    'plain',
    '{{',
    '}}',
    '{{}}',
    '{{ }}',
    '{{1a}}',
    '{{a b}}',
    '{ {a} }',
    '{{a',
    `\${a}`,
    '{{{}}}',
  ])('leaves %j as it is', async (text) => {
    expect((await resolveTemplate(text, from({ a: 'x' }))).text).toBe(text);
  });

  it('keeps hostile values text: nothing is run, no pattern is replaced', async () => {
    const hostile = `$& $1 $\` \${process.exit(1)} '"<script>`;
    const lookup = from({ a: hostile });
    expect((await resolveTemplate('{{a}}', lookup)).text).toBe(hostile);
  });

  it.each(['__proto__', 'constructor', 'toString'])('has no variable named %s by nature', async (name) => {
    expect((await failureOf(resolveTemplate(`{{${name}}}`, from({})))).code).toBe('variable_missing');
  });

  it('masks secrets in what may be shown, and takes their value as it is', async () => {
    const password = new Secret('p{{w}}-MARKER');
    const resolved = await resolveTemplate('a={{outer}}', from({ outer: 'b {{password}}', password }));
    expect(resolved.text).toBe('a=b p{{w}}-MARKER');
    expect(resolved.shown).toBe(`a=b ${mask}`);
    expect(resolved.secrets).toEqual([password]);
  });

  it('names the missing variable, who refers to it, and where to define it', async () => {
    const error = await failureOf(resolveTemplate('{{base}}', from({ base: '{{host}}' })));
    expect(error.code).toBe('variable_missing');
    expect(error.message).toBe('The variable {{host}}, which {{base}} refers to, is not defined.');
    expect(error.action).toContain('environment');
    expect(error.details).toEqual({ variable: 'host' });
  });

  it('names the chain of a circle', async () => {
    const lookup = from({ a: 'x{{b}}', b: '{{c}}', c: '{{a}}', self: '{{self}}' });
    const error = await failureOf(resolveTemplate('{{a}}', lookup));
    expect(error.code).toBe('variable_loop');
    expect(error.message).toContain('{{a}} → {{b}} → {{c}} → {{a}}');
    expect((await failureOf(resolveTemplate('{{self}}', lookup))).message).toContain('{{self}} → {{self}}');
  });

  it('goes ten deep and no deeper', async () => {
    const values: Record<string, string> = { v10: 'end', w11: 'end' };
    for (let depth = 1; depth < 10; depth += 1) values[`v${depth}`] = `{{v${depth + 1}}}`;
    for (let depth = 1; depth < 11; depth += 1) values[`w${depth}`] = `{{w${depth + 1}}}`;
    expect((await resolveTemplate('{{v1}}', from(values))).text).toBe('end');
    const error = await failureOf(resolveTemplate('{{w1}}', from(values)));
    expect(error.code).toBe('variable_loop');
    expect(error.message).toContain('more than 10 deep');
  });

  it('stops variables that multiply before they fill the memory', async () => {
    const values: Record<string, string> = { v9: 'x'.repeat(1000) };
    for (let depth = 1; depth < 9; depth += 1) values[`v${depth}`] = `{{v${depth + 1}}}`.repeat(100);
    const error = await failureOf(resolveTemplate('{{v1}}', from(values)));
    expect(error.code).toBe('variable_loop');
    expect(error.message).toContain('1000000 characters');
  });

  it('asks for each variable once', async () => {
    const asked: string[] = [];
    await resolveTemplate('{{a}}{{a}}{{b}}', async (name) => {
      asked.push(name);
      return name === 'b' ? '{{a}}' : 'x';
    });
    expect(asked).toEqual(['a', 'b']);
  });

  it('hands on what the lookup throws', async () => {
    const failing = resolveTemplate('{{a}}', async () => {
      throw new Error('vault');
    });
    await expect(failing).rejects.toThrow('vault');
  });
});
