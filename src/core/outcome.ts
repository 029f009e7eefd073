/** What one attempt at a delivery came to. What happens next is the deliver step's to decide. */
export type Outcome =
  | {
      readonly kind: "delivered";
      readonly ref: MessageRef;
      /** Milliseconds that the platform's answer asks the lane to rest before its next message. */
      readonly restMs?: number;
    }
  /** Certainly not posted, may work later. */
  | {
      readonly kind: "retry";
      readonly scope: "lane" | "account";
      readonly reason: Reason;
      /** Milliseconds that the platform asked us to wait. */
      readonly afterMs?: number;
      /** We held back by ourselves, so that it says nothing about the platform. */
      readonly own?: true;
    }
  /** Refused: the same again will not help. */
  | {
      readonly kind: "rejected";
      readonly scope: "message" | "lane" | "account";
      readonly reason: Reason;
      /** The platform forbids to use the lane ever again. */
      readonly final?: true;
    }
  /** May have been posted. */
  | {
      readonly kind: "unknown";
      readonly reason: Reason;
      /** We cut the attempt off by ourselves, or made none, so that it says nothing about the platform. */
      readonly own?: true;
    };

/** Why an attempt did not end in `delivered`, without secrets and customer data. */
export interface Reason {
  /** The platform's own code, or ours in kebab-case: `channel_not_found`, `10003`, `timeout`. */
  readonly code: string;
  /** One sentence for the operator. */
  readonly text: string;
}

/** Where the platform keeps a posted message; ids are text, because Slack's lose digits as numbers. */
export interface MessageRef {
  readonly channel: string | null;
  readonly id: string | null;
  readonly url: string | null;
}
