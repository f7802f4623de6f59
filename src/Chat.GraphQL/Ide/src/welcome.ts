export const welcomeQuery = `# The chat server's GraphQL API.
# Ctrl+Enter runs a query; the book opens the docs.
# You act as who is signed in to the web client
# in this browser.

{
  server {
    name
    version
  }
}
`;
