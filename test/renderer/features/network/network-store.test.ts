import { describe, expect, it } from 'vitest';
import { formOf, networkOf } from '../../../../renderer/features/network/network-form.ts';
import { createNetworkStore } from '../../../../renderer/features/network/network-store.ts';
import { AppError } from '../../../../shared/errors.ts';
import { networkSchema } from '../../../../shared/model/network.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

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

const certificate = { host: 'api.example.com', certificate: '{{cert}}', key: '', passphrase: '{{pass}}' };
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
    [{ certificates: [{ ...certificate, host: ' ' }] }, 'certificates.0.host'],
    [{ certificates: [{ ...certificate, host: 'https://api.example.com/' }] }, 'certificates.0.host'],
    [{ certificates: [{ ...certificate, certificate: '' }] }, 'certificates.0.certificate'],
    [{ certificates: [certificate, { ...certificate, key: 'typed' }] }, 'certificates.1.key'],
  ])('names the field with something wrong: %j', (patch, field) => {
    const read = networkOf({ ...formOf(full), ...patch });
    expect(read.kind === 'issues' ? Object.keys(read.issues) : read).toEqual([field]);
  });

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
    expect(await store.getState().store('', 'client_certificate', 'one')).toBe('{{client_certificate_2}}');
    expect(await store.getState().store('', 'client_certificate', 'two')).toBe('{{client_certificate_3}}');
    expect(await store.getState().store('{{mine}}', 'client_certificate', 'three')).toBe('{{mine}}');
    expect(calls('secrets.save')).toEqual([
      { name: 'client_certificate_2', value: 'one' },
      { name: 'client_certificate_3', value: 'two' },
      { name: 'mine', value: 'three' },
    ]);
    expect(store.getState().isStored('{{client_certificate_3}}')).toBe(true);
    expect(store.getState().isStored('{{other}}')).toBe(false);
    expect(JSON.stringify(store.getState())).not.toContain('three');
    await store.getState().forget('{{mine}}');
    expect(calls('secrets.save').at(-1)).toEqual({ name: 'mine', value: '' });
    expect(store.getState().isStored('{{mine}}')).toBe(false);
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
