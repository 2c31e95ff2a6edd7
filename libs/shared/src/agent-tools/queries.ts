import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { Item, ItemState } from '../roadmap/queries';

type Agent = Session<'agent'>;
type Person = Session<'person'>;

export interface OwnAgent {
  id: string;
  name: string;
  login: string;
  created_at: Date;
}

/** Makes a login for the caller's agents, or gives the one with this label another password. */
export async function addAgent(
  session: Person,
  label: string,
): Promise<{ name: string; login: string; password: string }> {
  const { rows } = await sql<{ name: string; login: string; password: string }>`
    select * from coffee.add_agent(${label})`.execute(session.db);
  return rows[0]!;
}

/** Throws `not_found`. What the agent asked stays. */
export async function removeAgent(session: Person, label: string): Promise<void> {
  await sql`select coffee.remove_agent(${label})`.execute(session.db);
}

export async function listAgents(session: Person): Promise<OwnAgent[]> {
  const { rows } = await sql<OwnAgent>`select * from coffee.list_agents()`.execute(session.db);
  return rows;
}

export interface RoadmapLine {
  number: string;
  title: string;
  state: ItemState;
  open_questions: number;
}

/** In the order of work. */
export async function listRoadmap(
  session: Session,
  filter: { projectId: string; states: ItemState[] | undefined; limit: number },
): Promise<RoadmapLine[]> {
  const { projectId, states = null, limit } = filter;
  const { rows } = await sql<RoadmapLine>`
    select i.number, i.title, i.state, (select count(*)::int from coffee.notifications n
      where n.item_id = i.id and n.state = 'pending') as open_questions
    from coffee.roadmap_items i
    where i.project_id = ${projectId}::uuid
      and (${states}::text[] is null or i.state::text = any (${states}::text[]))
    order by i.position, i.id limit ${limit}`.execute(session.db);
  return rows;
}

/** Last in the roadmap, and blocked until a person reopens it. */
export async function proposeItem(
  session: Agent,
  item: { projectId: string; title: string; body: string },
): Promise<Item> {
  const { rows } = await sql<Item>`
    select * from coffee.propose_item(${item.projectId}::uuid, ${item.title}, ${item.body})`.execute(
    session.db,
  );
  return rows[0]!;
}

export interface AgentUsage {
  model: string;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
}

/** What the agent's person's machines recorded, by model, the dearest first. */
export async function sumOwnerUsage(
  session: Agent,
  since: Date,
  until: Date,
): Promise<AgentUsage[]> {
  const { rows } = await sql<AgentUsage>`
    select model, calls::float8 as calls, input_tokens::float8 as input_tokens,
      output_tokens::float8 as output_tokens, cache_read_tokens::float8 as cache_read_tokens,
      cache_write_tokens::float8 as cache_write_tokens, (cost_nanos / 1e9)::float8 as cost_usd,
      unpriced_calls::float8 as unpriced_calls
    from coffee.agent_usage(${since}, ${until})`.execute(session.db);
  return rows;
}

export interface AgentSpend {
  /** Null: on the person's own machines, for no project. */
  project: string | null;
  calls: number;
  cost_usd: number;
  unpriced_calls: number;
}

/** Each call once, by project, the dearest first. */
export async function sumOwnerSpend(
  session: Agent,
  since: Date,
  until: Date,
): Promise<AgentSpend[]> {
  const { rows } = await sql<AgentSpend>`
    select project, calls::float8 as calls, (cost_nanos / 1e9)::float8 as cost_usd,
      unpriced_calls::float8 as unpriced_calls
    from coffee.agent_spend(${since}, ${until})`.execute(session.db);
  return rows;
}
