/** A query's text, which is bundled with the function that imports it. */
declare module '*.sql' {
  const text: string;
  export default text;
}
