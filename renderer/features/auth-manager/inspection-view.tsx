import type { InspectedToken, TokenInspection } from '../../../shared/model/token-inspection.ts';
import { Chip, Tag } from '../../ui/chip.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { ClaimsTable } from './claims-table.tsx';
import styles from './inspection-view.module.css';
import { scopeOutcome, tokenName, verificationWords } from './inspection-words.ts';

function Content({ token, content }: InspectedToken) {
  const name = tokenName(token);
  switch (content.kind) {
    case 'opaque':
      return (
        <p className={styles.plain}>Opaque: only the server can read it. Introspect it to ask the server.</p>
      );
    case 'encrypted':
      return (
        <>
          <p className={styles.plain}>Encrypted: only whom it is for can read it.</p>
          <ClaimsTable label={`Header of the ${name}`} claims={content.header} />
        </>
      );
    case 'jwt': {
      const { tone, word, text } = verificationWords(content.verification);
      return (
        <>
          <p className={styles.verdict} role="status" aria-label={`Signature of the ${name}`}>
            <Chip tone={tone}>{word}</Chip> <span>{text}</span>
          </p>
          <ClaimsTable label={`Claims of the ${name}`} claims={content.claims} />
          <Disclosure title="Header" open={false}>
            <ClaimsTable label={`Header of the ${name}`} claims={content.header} />
          </Disclosure>
        </>
      );
    }
  }
}

function Scopes({ title, scopes }: { title: string; scopes: string[] }) {
  if (scopes.length === 0) return null;
  return (
    <div className={styles.scopes}>
      <dt>{title}</dt>
      <dd>
        {scopes.map((scope) => (
          <Tag key={scope}>{scope}</Tag>
        ))}
      </dd>
    </div>
  );
}

/** What is in the tokens that are held, whether their signatures are the server's, and what became of the scopes. */
export function InspectionView({ inspection }: { inspection: TokenInspection }) {
  const { granted, refused, added } = scopeOutcome(inspection.scopes);
  return (
    <div className={styles.inspection}>
      {inspection.tokens.map((inspected) => (
        <section key={inspected.token} className={styles.token}>
          <h4>{tokenName(inspected.token)}</h4>
          <Content {...inspected} />
        </section>
      ))}
      <section className={styles.token}>
        <h4>Scopes</h4>
        <dl>
          <Scopes title="Asked for and granted" scopes={granted} />
          <Scopes title="Asked for, not granted" scopes={refused} />
          <Scopes title="Granted unasked" scopes={added} />
        </dl>
        {granted.length + refused.length + added.length === 0 && (
          <p className={styles.plain}>None was asked for, and the server named none.</p>
        )}
      </section>
    </div>
  );
}
