import { describe, expect, it } from 'vitest';
import { checkScript } from '../../../../electron/consent/automation/check-script.ts';
import { convertPages } from '../../../../electron/consent/automation/convert-pages.ts';

const page = (source: string, more = {}) => ({ name: 'Login', url: '', selector: '', source, ...more });

describe('converting page scripts', () => {
  it.each([
    [`document.getElementById('user').value = vars.user;`, `await page.locator('#user').fill(vars.user);`],
    [`document.getElementById("a.b").value = 'x'`, `await page.locator('[id="a.b"]').fill('x');`],
    [
      `document.querySelector('form .user').value = 12`,
      `await page.locator('form .user').first().fill('12');`,
    ],
    [`document.querySelectorAll('input')[1].click()`, `await page.locator('input').nth(1).click();`],
    [
      `window.document.getElementsByName('user')[0].value = '\${#Project#user}'`,
      `await page.locator('[name="user"]').first().fill(vars.user);`,
    ],
    [
      `document.getElementById('u').value = 'x-\${#Project#my user}@\${host}'`,
      `await page.locator('#u').fill(\`x-\${vars.my_user}@\${vars.host}\`);`,
    ],
    [
      `document.getElementById('u').value = vars['a-b'] + "'"`,
      `await page.locator('#u').fill(vars['a-b'] + '\\'');`,
    ],
    [`document.getElementById('u').setAttribute('value', 'x')`, `await page.locator('#u').fill('x');`],
    [`document.getElementById('ok').checked = true`, `await page.locator('#ok').setChecked(true);`],
    [
      `document.getElementById('s').selectedIndex = 2`,
      `await page.locator('#s').selectOption({ index: 2 });`,
    ],
    [
      `$('#x').val('v').trigger('change').click();`,
      [`await page.locator('#x').first().fill('v');`, `await page.locator('#x').first().click();`],
    ],
    [
      `jQuery('.ok').find('button').eq(1).prop("checked", true)`,
      `await page.locator('.ok').first().locator('button').nth(1).setChecked(true);`,
    ],
    [
      `document.forms[0].elements['user'].value = 'x'`,
      `await page.locator('form').first().locator(':is([name="user"], [id="user"])').first().fill('x');`,
    ],
    [
      `document.login.user.value = 'x'`,
      `await page.locator('form:is([name="login"], [id="login"])').locator(':is([name="user"], [id="user"])').first().fill('x');`,
    ],
    [
      `document.forms['login'].submit()`,
      `await page.locator('form:is([name="login"], [id="login"])').locator(':is(button:not([type]), [type="submit"], [type="image"])').first().click();`,
    ],
    [
      `var el = document.getElementById('u'); el.focus(); el.value = 'x'; el.dispatchEvent(new Event('input')); el.blur();`,
      [`await page.locator('#u').focus();`, `await page.locator('#u').fill('x');`],
    ],
    [
      `var e = document.createEvent('Event'); e.initEvent('change', true, true); document.getElementById('u').dispatchEvent(e);`,
      [],
    ],
    [`var user = 'alice', pw = "p" + user;`, [`let user = 'alice';`, `let pw = 'p' + user;`]],
    [`(function () { document.getElementById('a').click(); })();`, `await page.locator('#a').click();`],
    [`$(document).ready(function () { $('#a').click(); });`, `await page.locator('#a').first().click();`],
    [`window.onload = () => document.getElementById('a').click();`, `await page.locator('#a').click();`],
    [
      `setTimeout(function () { document.getElementById('a').click(); }, 500);`,
      [`await page.waitForTimeout(500);`, `await page.locator('#a').click();`],
    ],
    [
      `if (document.getElementById('a') != null) { var t = 'x'; } else document.getElementById('b').click();`,
      [
        `if (await page.locator('#a').isVisible()) {`,
        `  t = 'x';`,
        `} else {`,
        `  await page.locator('#b').click();`,
        `}`,
      ],
    ],
    [
      `setTimeout(() => $('#b').click(), 500); setTimeout(() => $('#a').click(), 200); $('#u').val('x');`,
      [
        `await page.locator('#u').first().fill('x');`,
        `await page.waitForTimeout(200);`,
        `await page.locator('#a').first().click();`,
        `await page.waitForTimeout(300);`,
        `await page.locator('#b').first().click();`,
      ],
    ],
    [
      `setTimeout(() => { setTimeout(() => $('#b').click(), 100); $('#a').click(); }, 50);`,
      [
        `await page.waitForTimeout(50);`,
        `await page.locator('#a').first().click();`,
        `await page.waitForTimeout(100);`,
        `await page.locator('#b').first().click();`,
      ],
    ],
    [`$('#a').val('x' + (1 + 2))`, `await page.locator('#a').first().fill('x' + (1 + 2));`],
    [`$('#a').val(1 + 2)`, `await page.locator('#a').first().fill(String(1 + 2));`],
    [
      `var pin = 1234; $('#a').val(pin)`,
      [`let pin = 1234;`, `await page.locator('#a').first().fill(String(pin));`],
    ],
    [
      `var pin = 1234; if (document.getElementById('a')) pin = 'x'; $('#a').val(pin)`,
      `await page.locator('#a').first().fill(String(pin));`,
    ],
    [
      `var user = 'alice'; $('#a').val(user)`,
      [`let user = 'alice';`, `await page.locator('#a').first().fill(user);`],
    ],
    [`location.href = 'https://x.example/a'`, `await page.goto('https://x.example/a');`],
    [`console.log('at', vars.user); return;`, `log('at', vars.user);`],
    [`document.getElementById('a')?.click();`, `await page.locator('#a').click();`],
  ])('%s', async (source, expected) => {
    const converted = convertPages([page(source)]);
    const lines = converted.source
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '// 1. Login');
    const wanted = typeof expected === 'string' ? [expected] : expected;
    expect(lines.join('\n')).toContain(wanted.join('\n'));
    expect(lines.filter((line) => line.startsWith('//'))).toEqual([]);
    expect(await checkScript(converted.source, 'a.js')).toBeNull();
  });

  it('waits for each page as the page script did', () => {
    const pages = [
      page(`document.getElementById('a').click()`, { url: '**/login*' }),
      page('', { name: 'Consent', url: 'https://x.example/c', selector: "#o'k" }),
      page('', { name: 'End' }),
    ];
    expect(convertPages(pages)).toEqual({
      source: `// 1. Login
await page.waitForURL('**/login*');
await page.locator('#a').click();

// 2. Consent
await page.waitForURL('https://x.example/c');
await page.waitForSelector('#o\\'k');

// 3. End
await page.waitForLoadState();
`,
      notes: [],
    });
  });

  it.each([
    `fetch('/x').then(send)`,
    `for (const one of all) one.click();`,
    `document.getElementById(name()).click()`,
    `document.getElementById('a').value = document.getElementById('b').value`,
    `document.getElementById('a').style.display = 'block'`,
    `document.cookie = 'a=b'`,
    `document.body.click()`,
    `var page = 'x';`,
    `x += 1`,
    `function go() { document.getElementById('a').click(); }`,
    `document.getElementById('a').constructor('x')`,
    `$('<b>').click()`,
  ])('keeps %s as a comment and notes it', async (source) => {
    const { source: converted, notes } = convertPages([page(`\n${source}`)]);
    expect(converted).toContain(`\n// ${source}`);
    expect(notes).toEqual(['Login, line 2: not converted, kept as a comment.']);
    expect(await checkScript(converted, 'a.js')).toBeNull();
  });

  it('says what it does otherwise', () => {
    expect(convertPages([page(`document.forms[0].submit()`)]).notes).toEqual([
      'Login, line 1: submit() became a click on the first submit button of the form.',
    ]);
  });

  it('says that what a condition delays runs at its end', () => {
    const { source, notes } = convertPages([
      page(`if (document.login) { setTimeout(() => $('#b').click(), 5); $('#a').click(); }`),
    ]);
    expect(source.indexOf(`'#a'`)).toBeLessThan(source.indexOf(`'#b'`));
    expect(notes).toEqual(['Login, line 1: what is delayed within a condition runs at its end.']);
  });

  it('keeps what cannot be read, and goes on with the next', () => {
    const { source, notes } = convertPages([page('let = ;\nx()'), page('', { name: 'Next' })]);
    expect(source).toContain('// let = ;\n// x()\n');
    expect(source).toContain('// 2. Next');
    expect(notes).toEqual(['Login, line 1: has a syntax error, kept as a comment.']);
    expect(convertPages([page('('.repeat(40_000))]).notes[0]).toContain('nested too deep');
    const deep = convertPages([page(`${'if (document.a) '.repeat(3000)};`)]);
    expect(deep.notes).toEqual(['Login, line 1: not converted, kept as a comment.']);
    expect(deep.source.length).toBeLessThan(60_000);
  });

  it('declares a name once in the whole script, whatever is assigned where', async () => {
    const pages = [
      page(`if (document.a) { var user = 'a'; }`),
      page(`var user = 'b'; var el = document.getElementById('x');`),
    ];
    const converted = convertPages([...pages, page(`user = 'c'; el.click();`)]);
    expect(converted.source.match(/let user/g)).toHaveLength(1);
    expect(await checkScript(converted.source, 'a.js')).toBeNull();
    // A name of one page script is unknown in the next, as it is in a page of its own.
    expect(converted.source).toContain('// el.click()');
  });

  it.each(['\n', '\r', '\r\n', '\u2028', '\u2029'])(
    'lets no code out of a name, a text or a comment: %j',
    async (end) => {
      const code = `hack()${end}evil("\`\${1}'")`;
      const source = `document.getElementById(${JSON.stringify(code)}).value = ${JSON.stringify(code)}; ${code}`;
      const converted = convertPages([page(source, { name: code, url: code, selector: code })]);
      const bare = converted.source
        .split(/[\n\r\u2028\u2029]/)
        .filter((line) => line !== '' && !line.startsWith('//'));
      for (const line of bare) expect(line).toMatch(/^await page\.\w+\('/);
      expect(await checkScript(converted.source, 'a.js')).toBeNull();
    },
  );
});
