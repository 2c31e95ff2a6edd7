import { AppError } from '@coffee-roadmap/shared/errors';
import { isIP } from 'node:net';

export interface AllowList {
  /** Undefined: it may not be reached. `privateToo`: a person has named this very address. */
  find(host: string, port: number): { privateToo: boolean } | undefined;
}

const HTTPS = 443;
const ENTRY = /^(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/;

/**
 * Reads `host`, `host:port`, `*.domain` (its subdomains, not itself) and addresses, separated by
 * commas or spaces; without a port 443. Throws one `not_configured` that names all that it cannot read.
 */
export function parseAllowList(text: string): AllowList {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const entries = words.map((word) => {
    const [, star, host = '', port = String(HTTPS)] = ENTRY.exec(word) ?? [];
    return { word, star: star !== undefined, host: bare(host), port: Number(port) };
  });
  const wrong = entries.filter(({ host, port }) => host === '' || port < 1 || port > 65_535);
  if (wrong.length > 0) {
    const list = wrong.map(({ word }) => word).join(', ');
    throw new AppError('not_configured', `COFFEE_ROADMAP_EGRESS_ALLOW has no host in: ${list}`, {
      hint: 'Hosts as registry.example.org, *.example.com or git.example.com:8443, with commas.',
    });
  }
  return {
    find(asked, port) {
      const host = bare(asked.toLowerCase()).replace(/\.$/, '');
      const entry = entries.find(
        (one) =>
          one.port === port && (one.star ? host.endsWith(`.${one.host}`) : host === one.host),
      );
      return entry && { privateToo: isIP(entry.host) !== 0 };
    },
  };
}

function bare(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
