import path from 'node:path';

/** One program that runs for as long as the person's account does. */
export interface UserService {
  /** `collect` becomes coffee-roadmap-collect. */
  name: string;
  description: string;
  /** The program and its arguments, absolute. */
  command: readonly string[];
  /** Settings that the person's shell has and a service has not. */
  environment: Readonly<Record<string, string>>;
}

export interface ServiceFile {
  file: string;
  content: string;
}

export const unitName = ({ name }: Pick<UserService, 'name'>): string => `coffee-roadmap-${name}`;

/** A systemd user unit; starts again after a failure, and slows down when that goes on. */
export function systemdUnit(service: UserService, configHome: string): ServiceFile {
  const environment = Object.entries(service.environment).map(
    ([name, value]) => `Environment=${quoteSystemd(`${name}=${value}`)}`,
  );
  const content = [
    '[Unit]',
    `Description=${service.description}`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${service.command.map(quoteSystemd).join(' ')}`,
    ...environment,
    'Restart=always',
    'RestartSec=10',
    'Nice=10',
    'UMask=0077',
    'NoNewPrivileges=yes',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
  return {
    file: path.join(configHome, 'systemd', 'user', `${unitName(service)}.service`),
    content,
  };
}

/** In systemd a percent sign begins a specifier and a dollar sign a variable. */
function quoteSystemd(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return /^[\w./:=@-]+$/.test(text) ? text : `"${escaped}"`;
}

/** A launchd agent of the person. */
export function launchdAgent(service: UserService, home: string): ServiceFile {
  const strings = (values: readonly string[]): string =>
    values.map((value) => `    <string>${escapeXml(value)}</string>`).join('\n');
  const environment = Object.entries(service.environment)
    .map(([name, value]) => `    <key>${escapeXml(name)}</key><string>${escapeXml(value)}</string>`)
    .join('\n');
  const label = launchdLabel(service);
  const content = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${strings(service.command)}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${environment}
  </dict>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><true/>
  <key>ThrottleInterval</key><integer>10</integer>
  <key>ProcessType</key><string>Background</string>
  <key>Umask</key><integer>63</integer>
</dict>
</plist>
`;
  return { file: path.join(home, 'Library', 'LaunchAgents', `${label}.plist`), content };
}

export const launchdLabel = (service: Pick<UserService, 'name'>): string =>
  `org.coffee-roadmap.${service.name}`;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
