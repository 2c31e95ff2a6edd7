import type { LoginKind } from '@coffee-roadmap/shared/people/queries';
import { Option } from 'commander';

const KINDS: LoginKind[] = ['person', 'daemon', 'slackbot', 'dashboard', 'collector', 'auditor'];

export const kindOption = (): Option =>
  new Option('--kind <kind>', 'what the login is for').choices(KINDS).default('person');
