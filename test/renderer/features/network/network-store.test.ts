import { describe, expect, it, vi } from 'vitest';
import {
  formOf,
  type NetworkForm,
  networkOf,
  withNewRow,
  withoutRow,
  withRow,
} from '../../../../renderer/features/network/network-form.ts';
import { createNetworkStore, type SecretPlace } from '../../../../renderer/features/network/network-store.ts';
import { AppError } from '../../../../shared/errors.ts';
import { networkSchema } from '../../../../shared/model/network.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';
import { gate } from '../automation/rig.ts';

async function rig(given: Parameters<typeof fakeEngine>[0] = {}) {
  const wire = fakeEngine({
    'project.saveNetwork': async () => ({}),
    'project.addCertificates': async () => ({ path: 'certificates/ca.pem' }),
    'secrets.save': async () => ({}),
    ...given,
  });
  const engine = await readyStore(wire);
  const store = createNetworkStore(engine);
  const calls = (name: string) => wire.log.filter((call) => call.name === name).map(({ params }) => params);
  return { wire, store, calls };
}

/** Where a certificate's passphrase stands. */
const passphraseOf = (row: string): SecretPlace => ({
  ...{ reference: '', base: 'client_certificate_pass' },
  put: (form, passphrase) => withRow(form, row, { passphrase }),
});

/** Where the proxy's password stands. */
const password: SecretPlace = {
  ...{ reference: '', base: 'proxy_password' },
  put: (_form, reference) => ({ password: reference }),
};

const certificate = { host: 'api.example.com', certificate: '{{cert}}', key: '', passphrase: '{{pass}}' };
const row = { id: 'first', ...certificate };
const full = networkSchema.parse({
  proxy: {
    ...{ kind: 'custom', url: 'http://proxy.example:8080', user: 'me', password: '{{proxy_password}}' },
    bypass: ['a.example', '*.test'],
  },
  trustedCertificates: ['certificates/ca.pem'],
  clientCertificates: [certificate],
  http2: false,
  connectTimeoutSeconds: 5,
  requestTimeoutSeconds: 7,
});

describe('the form of a network', () => {
  it('says again what it was made of', () => {
    for (const network of [full, networkSchema.parse({}), networkSchema.parse({ proxy: { kind: 'none' } })]) {
      expect(networkOf(formOf(network))).toEqual({ kind: 'network', network });
    }
  });

  it.each([
    [{ url: 'proxy.example' }, 'url'],
    [{ url: 'http://me:secret@proxy.example' }, 'url'],
    [{ url: 'ftp://proxy.example' }, 'url'],
    [{ url: '' }, 'url'],
    [{ password: 'typed' }, 'password'],
    [{ connectTimeout: '0' }, 'connectTimeout'],
    [{ requestTimeout: 'long' }, 'requestTimeout'],
    [{ requestTimeout: '1.5' }, 'requestTimeout'],
    [{ certificates: [{ ...row, host: ' ' }] }, 'certificates.0.host'],
    [{ certificates: [{ ...row, host: 'https://api.example.com/' }] }, 'certificates.0.host'],
    [{ certificates: [{ ...row, certificate: '' }] }, 'certificates.0.certificate'],
    [{ certificates: [row, { ...row, id: 'second', key: 'typed' }] }, 'certificates.1.key'],
  ] satisfies [Partial<NetworkForm>, string][])(
    'names the field with something wrong: %j',
    (patch, field) => {
      const read = networkOf({ ...formOf(full), ...patch });
      expect(read.kind === 'issues' ? Object.keys(read.issues) : read).toEqual([field]);
    },
  );

  it.each([
    'http://{{proxy_host}}:8080',
    'socks5://127.0.0.1:1080',
    'https://proxy.example',
    'socks4://[::1]:1',
  ])('takes %s as a proxy', (url) => {
    expect(networkOf({ ...formOf(full), url }).kind).toBe('network');
  });
});

describe('the network store', () => {
  it('saves what was set, and closes', async () => {
    const { store, calls } = await rig();
    store.getState().show();
    store.getState().edit({ ...formOf(full) });
    await store.getState().save();
    expect(calls('project.saveNetwork')).toEqual([{ network: full }]);
    expect(store.getState().form).toBeNull();
  });

  it('saves nothing while something is wrong, and takes the words away as it is mended', async () => {
    const { store, calls } = await rig();
    store.getState().show();
    store.getState().edit({ proxy: 'custom', url: 'nonsense' });
    expect(store.getState().issues).toEqual({});
    await store.getState().save();
    expect(Object.keys(store.getState().issues)).toEqual(['url']);
    store.getState().edit({ url: 'http://proxy.example:1' });
    expect(store.getState().issues).toEqual({});
    expect(calls('project.saveNetwork')).toEqual([]);
  });

  it('stores secrets in the vault under names of their own', async () => {
    const { store, calls } = await rig({
      'secrets.list': async () => ({ secrets: [{ name: 'client_certificate', stored: true }] }),
    });
    store.getState().show();
    const put = vi.fn((_form: NetworkForm, _reference: string) => ({}));
    const place = { reference: '', base: 'client_certificate', put };
    expect(await store.getState().store(place, 'one')).toBe(true);
    expect(await store.getState().store(place, 'two')).toBe(true);
    expect(await store.getState().store({ ...place, reference: '{{mine}}' }, 'three')).toBe(true);
    expect(put.mock.calls.map(([, reference]) => reference)).toEqual([
      '{{client_certificate_2}}',
      '{{client_certificate_3}}',
      '{{mine}}',
    ]);
    expect(calls('secrets.save')).toEqual([
      { name: 'client_certificate_2', value: 'one' },
      { name: 'client_certificate_3', value: 'two' },
      { name: 'mine', value: 'three' },
    ]);
    const held = { client_certificate_2: true, client_certificate_3: true, mine: true };
    expect(store.getState().stored).toEqual(held);
    expect(JSON.stringify(store.getState())).not.toContain('three');
    await store.getState().forget('{{mine}}');
    expect(calls('secrets.save').at(-1)).toEqual({ name: 'mine', value: '' });
    expect(store.getState().stored).toMatchObject({ client_certificate_3: true, mine: false });
    store.getState().show();
    expect(store.getState().stored).toEqual({});
  });

  it('adds a certificate to the trusted ones, or says why not', async () => {
    const { store } = await rig();
    store.getState().show();
    await store.getState().addTrusted('ca.pem', '-----BEGIN CERTIFICATE-----');
    expect(store.getState().form?.trusted).toEqual(['certificates/ca.pem']);
    const refused = await rig({
      'project.addCertificates': async () => {
        throw new AppError('network_invalid', 'ca.pem holds no certificate that can be read.');
      },
    });
    refused.store.getState().show();
    await refused.store.getState().addTrusted('ca.pem', 'nothing');
    expect(refused.store.getState()).toMatchObject({
      form: { trusted: [] },
      failure: { code: 'network_invalid' },
    });
  });

  it('closes when another project is opened', async () => {
    const { store, wire } = await rig();
    store.getState().show();
    expect(store.getState().form).not.toBeNull();
    wire.emit({ kind: 'project', state: { kind: 'open', project: sampleProject('/other'), trusted: true } });
    expect(store.getState().form).toBeNull();
  });
});

describe('a secret of the network that is being stored', () => {
  /** The dialog with three certificates over a vault that answers once `answer` is called. */
  async function opened(given: Parameters<typeof fakeEngine>[0] = {}) {
    const waiting = gate();
    const all = await rig({
      'secrets.save': async () => {
        await waiting.opened;
        return {};
      },
      ...given,
    });
    const { store } = all;
    store.getState().show();
    for (const host of ['one', 'two', 'three']) {
      store.getState().edit(withNewRow);
      const id = store.getState().form?.certificates.at(-1)?.id ?? '';
      store.getState().edit((form) => withRow(form, id, { host, certificate: '{{cert}}' }));
    }
    const [first = '', second = '', third = ''] =
      store.getState().form?.certificates.map(({ id }) => id) ?? [];
    const shown = () =>
      store.getState().form?.certificates.map(({ host, passphrase }) => [host, passphrase]) ?? null;
    return { ...all, answer: waiting.open, first, second, third, shown };
  }

  it('finds its row though others are removed, and changes nothing else', async () => {
    const { store, answer, first, second, shown } = await opened();
    const done = store.getState().store(passphraseOf(second), 'secret');
    store.getState().edit((form) => withoutRow(form, first));
    store.getState().edit((form) => withRow(form, second, { host: 'typed meanwhile' }));
    answer();
    expect(await done).toBe(true);
    expect(shown()).toEqual([
      ['typed meanwhile', '{{client_certificate_pass}}'],
      ['three', ''],
    ]);
  });

  it('comes into no other row when its own is gone', async () => {
    const { store, answer, third, shown } = await opened();
    const done = store.getState().store(passphraseOf(third), 'secret');
    store.getState().edit((form) => withoutRow(form, third));
    store.getState().edit(withNewRow);
    answer();
    await done;
    expect(shown()).toEqual([
      ['one', ''],
      ['two', ''],
      ['', ''],
    ]);
  });

  it('keeps its name to itself, and its reference beside another one', async () => {
    const { store, answer, first, second, shown, calls } = await opened();
    const done = [
      store.getState().store(passphraseOf(first), 'secret one'),
      store.getState().store(passphraseOf(second), 'secret two'),
    ];
    answer();
    await Promise.all(done);
    expect(calls('secrets.save')).toEqual([
      { name: 'client_certificate_pass', value: 'secret one' },
      { name: 'client_certificate_pass_2', value: 'secret two' },
    ]);
    expect(shown()).toEqual([
      ['one', '{{client_certificate_pass}}'],
      ['two', '{{client_certificate_pass_2}}'],
      ['three', ''],
    ]);
  });

  it('is waited for by a save, which anyone may begin meanwhile', async () => {
    const { store, answer, second, calls } = await opened();
    void store.getState().store(passphraseOf(second), 'secret');
    expect(store.getState().busy).toBe(false);
    const saved = store.getState().save();
    expect(store.getState().busy).toBe(true);
    expect(calls('project.saveNetwork')).toEqual([]);
    answer();
    await saved;
    expect(calls('project.saveNetwork')).toMatchObject([
      { network: { clientCertificates: [{}, { passphrase: '{{client_certificate_pass}}' }, {}] } },
    ]);
    expect(store.getState()).toMatchObject({ form: null, busy: false });
  });

  it('stops a save when the vault refuses it, and its name is free again', async () => {
    let refuses = true;
    const { store, first, calls } = await opened({
      'secrets.save': async () => {
        if (refuses) throw new AppError('vault_locked', 'Locked.');
        return {};
      },
    });
    const done = store.getState().store(passphraseOf(first), 'secret');
    await store.getState().save();
    expect(await done).toBe(false);
    expect(calls('project.saveNetwork')).toEqual([]);
    expect(store.getState()).toMatchObject({ busy: false, failure: { code: 'vault_locked' } });
    refuses = false;
    await store.getState().store(passphraseOf(first), 'secret');
    expect(calls('secrets.save').at(-1)).toMatchObject({ name: 'client_certificate_pass' });
  });

  it('changes no dialog that is opened after its own', async () => {
    for (const fails of [false, true]) {
      const waiting = gate();
      const { store } = await opened({
        'secrets.save': async () => {
          await waiting.opened;
          if (fails) throw new AppError('vault_locked', 'Locked.');
          return {};
        },
      });
      const done = store.getState().store(password, 'secret');
      store.getState().close();
      store.getState().show();
      waiting.open();
      await done;
      expect(store.getState()).toMatchObject({ form: { password: '' }, failure: null });
    }
  });
});
