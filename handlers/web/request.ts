/** A request to a page behind a link, in API Gateway's payload format 2.0 as far as it is used. */
import { z } from 'zod';

export const LinkRequest = z
  .object({
    requestContext: z.object({
      requestId: z.string().optional(),
      http: z.object({
        method: z.enum(['GET', 'HEAD', 'POST']),
        /** The connection's, which no header can change. */
        sourceIp: z.string().optional(),
      }),
    }),
    /** Each route has one: the link's own id. */
    pathParameters: z.record(z.string(), z.string()),
    cookies: z.array(z.string()).default([]),
    body: z.string().default(''),
    isBase64Encoded: z.boolean().default(false),
  })
  .transform(({ requestContext, pathParameters, cookies, body, isBase64Encoded }) => {
    const { requestId, http } = requestContext;
    const [linkId = ''] = Object.values(pathParameters);
    const text = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
    return { requestId, ...http, linkId, cookies, body: text };
  });
export type LinkRequest = z.infer<typeof LinkRequest>;
