interface Settings {
  title: string;
  /** What the editor begins with. */
  document: string;
  /** Sent with each request. */
  headers: Record<string, string>;
}

const written = document.querySelector<HTMLMetaElement>('meta[name="graphql-ide"]')?.content ?? '{}';

/** What the application set in GraphQLOptions; the development server has nothing of it. */
export const settings: Settings = {
  title: document.title,
  document: '',
  headers: {},
  ...(JSON.parse(written) as Partial<Settings>),
};
