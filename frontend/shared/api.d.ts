// Made by `npm run types` from the OpenAPI document. Do not edit.
export interface paths {
    "/api/v1/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Store a file, to be named in `attachments` of a message. */
        post: operations["upload_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List the channels and what they can do. */
        get: operations["list_channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List contacts, newest first; `q` finds names and addresses by their beginning. */
        get: operations["list_contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return one contact with all addresses. */
        get: operations["get_contact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Change name or notes. */
        patch: operations["change_contact"];
        trace?: never;
    };
    "/api/v1/contacts/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Send what this person wrote and will write to spam. */
        post: operations["block_contact"];
        /** @description Let this person's messages in again. */
        delete: operations["unblock_contact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Say that a contact is this customer. It proves nothing by itself. */
        post: operations["link_customer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/customers/{customer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Say that a contact is not this customer. */
        delete: operations["unlink_customer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Make another contact part of this one. `POST /merges/{id}/undo` parts them again. */
        post: operations["merge_contacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/merges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List the merges this contact was part of, newest first. */
        get: operations["list_merges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List a contact's orders, newest first, from our copy of the shops. */
        get: operations["list_contact_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return everything that happened with this person, newest first. */
        get: operations["get_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List conversations. */
        get: operations["list_conversations"];
        put?: never;
        /** @description Write to somebody first. */
        post: operations["start_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return one conversation. */
        get: operations["get_conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Change status, assignee, team, priority, topic, outcome, tags, snooze or subject. */
        patch: operations["change_conversation"];
        trace?: never;
    };
    "/api/v1/conversations/{id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** @description Keep what you have typed; an empty body forgets it. */
        put: operations["save_draft"];
        post?: never;
        /** @description Forget what you have typed. */
        delete: operations["discard_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/forward": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Send a message of the conversation on to somebody outside, by mail. */
        post: operations["forward_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List messages, always in ascending order; without a bound the newest page. */
        get: operations["list_messages"];
        put?: never;
        /**
         * @description Reply to the customer, or leave a private note.
         *
         *     409 `unseen_message` carries `unseen`, the messages the customer wrote after `seen_seq`.
         */
        post: operations["send_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Remember how far you have read. */
        post: operations["mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/shop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return the shops' part of a conversation alone. */
        get: operations["get_conversation_shop"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Say whether the customer may be told of orders here, and what would prove it. */
        get: operations["get_verification"];
        put?: never;
        /**
         * @description Send a one-time code; the customer types it where they write.
         *
         *     429 `too_many_codes`; 422 `no_address` when there is nothing that a code could prove.
         */
        post: operations["send_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Say how much there is; 100 means more than 99. */
        get: operations["get_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inbound-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List raw events, newest first. */
        get: operations["list_inbound_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inbound-events/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Work a finished event once more; what it already made is not made twice. */
        post: operations["replay_inbound_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Say who you are, where, and what you may do. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List the people of the workspace, past ones too. */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List contacts that may be one person, by weak evidence. */
        get: operations["list_merge_suggestions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-suggestions/{id}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Merge the two. */
        post: operations["accept_merge_suggestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-suggestions/{id}/dismissal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Say that the two are different people; the pair is not suggested again. */
        post: operations["dismiss_merge_suggestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merges/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * @description Part two merged contacts again, exactly as they were; what came since stays.
         *
         *     409 `already_undone` the second time, 409 `later_merge` when another merge builds on it.
         */
        post: operations["undo_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Take back a message that still waits; 409 `already_sent` when it has left. */
        post: operations["cancel_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Try a failed or unconfirmed message once more. */
        post: operations["retry_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/money-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List actions, newest first; of one conversation, order or state. */
        get: operations["list_money_actions"];
        put?: never;
        /** @description Ask the shop what would happen and the policy whether it may. Nothing happens yet. */
        post: operations["preview_money_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/money-actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return one action; ask again until its state says how it ended. */
        get: operations["get_money_action"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/money-actions/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Approve what somebody else asked for, or decline it. */
        post: operations["approve_money_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/money-actions/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Let it happen, or ask for approval where the verdict says so. Twice is the same as once. */
        post: operations["confirm_money_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/money-actions/{id}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return the document an action made, as a file. */
        get: operations["get_money_action_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/money-actions/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Decline what somebody asked for, or take your own request back. */
        post: operations["decline_money_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List the texts agents use often. */
        get: operations["list_saved_replies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * @description Find conversations by words, `"phrases"`, `#1042` and filters.
         *
         *     Filters: `channel:email is:open assignee:me from:jane tag:vip team:sales order:#1001`.
         *     Accents and case do not matter; the last word may be unfinished.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shop-customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Find customers by address, phone, name or order number; and guests' orders. */
        get: operations["search_shop_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shop-orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return one order with all its lines, as it stands to a contact. */
        get: operations["get_shop_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shop-variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Find variants by their product's title or id, from our copy of the shop. */
        get: operations["list_shop_variants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List the teams. */
        get: operations["list_teams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Something that looks different afterwards. */
        ActionChange: {
            after: string;
            before: string;
            label: string;
        };
        ActionLine: {
            amount: components["schemas"]["Amount"] | null;
            line_id: string;
            name: string;
            quantity: number;
        };
        /** @description What was read back. */
        ActionOutcome: {
            changes: components["schemas"]["ActionChange"][];
            moved: components["schemas"]["Amount"] | null;
            references: {
                [key: string]: string;
            };
            sentence: string;
            /** @description done, pending or failed */
            state: string;
        };
        /** @description The shop's own calculation. */
        ActionPreview: {
            breakdown: components["schemas"]["LabelledAmount"][];
            changes: components["schemas"]["ActionChange"][];
            /** @description The customer owes it afterwards. */
            due: components["schemas"]["Amount"] | null;
            lines: components["schemas"]["ActionLine"][];
            maximum: components["schemas"]["Amount"] | null;
            /** @description Goes back to the customer. */
            refund: components["schemas"]["Amount"] | null;
            /** @description What it costs without money moving. */
            value: components["schemas"]["Amount"] | null;
            warnings: string[];
            ways: components["schemas"]["LabelledAmount"][];
        };
        /** @description What the shop's policy says, and which rule. */
        ActionVerdict: {
            /** @description allowed, needs_approval or refused */
            decision: string;
            limits: {
                [key: string]: string;
            };
            rule: string;
            sentence: string;
        };
        /**
         * @description * `off` - Off
         *     * `drafting` - Drafting
         *     * `draft` - Draft ready
         *     * `sent` - Answered by AI
         *     * `review` - In review
         *     * `handed_over` - Handed over
         *     * `held` - Held
         * @enum {string}
         */
        AiState: "off" | "drafting" | "draft" | "sent" | "review" | "handed_over" | "held";
        /** @description Money: a decimal string, never a float, and its currency. */
        Amount: {
            amount: string;
            currency: string;
        };
        /** @description A file; the link works for a day. */
        AttachmentShape: {
            /** Format: uuid */
            id: string;
            /** @description Shown inside the formatted text. */
            inline: boolean;
            name: string;
            size: number;
            type: string;
            /** @description Empty when the file could not be stored. */
            url: string;
        };
        /** @description Who wrote a message; ``id`` is a member's or a contact's. */
        Author: {
            address: string | null;
            /** Format: uuid */
            id: string | null;
            kind: components["schemas"]["AuthorKind"];
            name: string;
            /** @description The channel proved the address. */
            verified: boolean;
        };
        /**
         * @description * `contact` - Customer
         *     * `agent` - Agent
         *     * `ai` - AI
         *     * `system` - System
         * @enum {string}
         */
        AuthorKind: "contact" | "agent" | "ai" | "system";
        /**
         * @description * `chat` - Chat
         *     * `email` - E-mail
         *     * `instagram` - Instagram
         *     * `messenger` - Messenger
         *     * `whatsapp` - WhatsApp
         *     * `whatsapp_twilio` - WhatsApp (Twilio)
         *     * `sms` - SMS
         *     * `voice` - Voice
         * @enum {string}
         */
        ChannelKind: "chat" | "email" | "instagram" | "messenger" | "whatsapp" | "whatsapp_twilio" | "sms" | "voice";
        /** @description All channels. */
        ChannelList: {
            next: string | null;
            results: components["schemas"]["ChannelShape"][];
        };
        /** @description A channel as it is named everywhere. */
        ChannelRef: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["ChannelKind"];
        };
        /** @description A door that conversations come through, and what it can do. */
        ChannelShape: {
            address: string;
            capabilities: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            id: string;
            is_active: boolean;
            kind: components["schemas"]["ChannelKind"];
            name: string;
            public_key: string;
        };
        /** @description Where the code goes; without it, to the best of the addresses offered. */
        CodeInputRequest: {
            /** @default  */
            to: string;
        };
        /** @description An address a code may go to. */
        CodeTarget: {
            because: string;
            kind: components["schemas"]["CodeTargetKindEnum"];
            value: string;
        };
        /**
         * @description * `email` - email
         *     * `phone` - phone
         * @enum {string}
         */
        CodeTargetKindEnum: "email" | "phone";
        /** @description A contact beside a conversation. */
        ContactCard: {
            blocked: boolean;
            /** Format: uuid */
            id: string;
            name: string;
            notes: string;
            points: components["schemas"]["Point"][];
        };
        /** @description A page of contacts, newest first. */
        ContactPage: {
            next: string | null;
            results: components["schemas"]["ContactShape"][];
        };
        /** @description One person who writes to us. */
        ContactShape: {
            blocked: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            language: string;
            /** Format: uuid */
            merged_into: string | null;
            name: string;
            notes: string;
            points: components["schemas"]["Point"][];
            /** @description Whom they most surely are. */
            shopify_customer: components["schemas"]["LinkedCustomer"] | null;
            timezone: string;
        };
        /** @description A list row with what the thread's head and side show. */
        ConversationDetail: {
            ai_state: components["schemas"]["AiState"];
            assignee: components["schemas"]["Named"] | null;
            channels: components["schemas"]["ChannelRef"][];
            contact: components["schemas"]["ContactCard"];
            draft: components["schemas"]["DraftShape"] | null;
            /** Format: uuid */
            id: string;
            /** @description Where the customer wrote last; a reply goes there. */
            last_channel: components["schemas"]["ChannelRef"] | null;
            last_direction: (components["schemas"]["Direction"] | components["schemas"]["NullEnum"]) | null;
            /** Format: date-time */
            last_message_at: string;
            last_seq: number;
            /** @description What people call it: #1042. */
            number: number;
            opened_because: string;
            orders_spoken_of: components["schemas"]["SpokenOrder"][];
            outcome: string | null;
            preview: string;
            priority: components["schemas"]["Priority"];
            reply: components["schemas"]["ReplyShape"];
            /** @description Null where no shop was ever connected. */
            shop: components["schemas"]["ShopShape"] | null;
            sla: components["schemas"]["Deadline"] | null;
            /** Format: date-time */
            snoozed_until: string | null;
            status: components["schemas"]["Status"];
            subject: string;
            tags: string[];
            team: components["schemas"]["Named"] | null;
            topic: string | null;
            /** @description The customer wrote something you have not read. */
            unread: boolean;
            /**
             * Format: date-time
             * @description Since when the customer waits; null when it is not our turn.
             */
            waiting_since: string | null;
        };
        /** @description A page of conversations; ``next`` is the cursor of the following one. */
        ConversationPage: {
            next: string | null;
            results: components["schemas"]["ConversationRow"][];
        };
        /** @description One unit of work with one contact, as a list shows it. */
        ConversationRow: {
            ai_state: components["schemas"]["AiState"];
            assignee: components["schemas"]["Named"] | null;
            channels: components["schemas"]["ChannelRef"][];
            contact: components["schemas"]["Named"];
            /** Format: uuid */
            id: string;
            /** @description Where the customer wrote last; a reply goes there. */
            last_channel: components["schemas"]["ChannelRef"] | null;
            last_direction: (components["schemas"]["Direction"] | components["schemas"]["NullEnum"]) | null;
            /** Format: date-time */
            last_message_at: string;
            last_seq: number;
            /** @description What people call it: #1042. */
            number: number;
            outcome: string | null;
            preview: string;
            priority: components["schemas"]["Priority"];
            sla: components["schemas"]["Deadline"] | null;
            /** Format: date-time */
            snoozed_until: string | null;
            status: components["schemas"]["Status"];
            subject: string;
            tags: string[];
            team: components["schemas"]["Named"] | null;
            topic: string | null;
            /** @description The customer wrote something you have not read. */
            unread: boolean;
            /**
             * Format: date-time
             * @description Since when the customer waits; null when it is not our turn.
             */
            waiting_since: string | null;
        };
        /** @description How much there is, each capped: 100 means more than 99. */
        CountsShape: {
            all: number;
            approvals: number;
            channels: {
                [key: string]: number;
            };
            mine: number;
            snoozed: number;
            unassigned: number;
            unread: number;
            waiting: number;
        };
        /** @description When something is due; null until SLA policies exist. */
        Deadline: {
            /** Format: date-time */
            due_at: string;
            kind: string;
            state: string;
        };
        /** @description What an approver says. */
        DecidedRequest: {
            /**
             * @description approve (without it) or decline
             * @default approve
             */
            decision: string;
            /** @default  */
            reason: string;
        };
        /** @description Which of the two stays; without it, the one who was here first. */
        DecisionRequest: {
            /** Format: uuid */
            survivor?: string | null;
        };
        /** @description Why a message did not go, or may not have gone. */
        DeliveryError: {
            code: string;
            retryable: boolean;
            text: string;
        };
        /** @description What we know of the customer's copy. */
        DeliveryShape: {
            error: components["schemas"]["DeliveryError"] | null;
            state: components["schemas"]["DeliveryState"];
        };
        /**
         * @description * `queued` - Queued
         *     * `sending` - Sending
         *     * `unconfirmed` - Not confirmed
         *     * `failed` - Not sent
         *     * `accepted` - Accepted
         *     * `delivered` - Delivered
         *     * `read` - Read
         * @enum {string}
         */
        DeliveryState: "queued" | "sending" | "unconfirmed" | "failed" | "accepted" | "delivered" | "read";
        /**
         * @description * `in` - From the customer
         *     * `out` - From us
         * @enum {string}
         */
        Direction: "in" | "out";
        /** @description What you have typed; an empty body forgets the draft. */
        DraftInputRequest: {
            body: string;
            mode: components["schemas"]["ModeEnum"];
        };
        /** @description What you have typed and not sent. */
        DraftShape: {
            body: string;
            mode: components["schemas"]["ModeEnum"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description The channel an event came through. */
        EventChannel: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["ChannelKind"];
        };
        /** @description One field and what to enter instead. */
        FieldProblem: {
            code: string;
            field: string;
            message: string;
        };
        /** @description A message to somebody outside. */
        ForwardInputRequest: {
            body: string;
            /**
             * Format: uuid
             * @description Without it: the last one.
             */
            message?: string | null;
            to: string[];
        };
        /**
         * @description * `unfulfilled` - unfulfilled
         *     * `scheduled` - scheduled
         *     * `on_hold` - on_hold
         *     * `in_progress` - in_progress
         *     * `partial` - partial
         *     * `fulfilled` - fulfilled
         *     * `restocked` - restocked
         *     * `unknown` - unknown
         * @enum {string}
         */
        FulfilmentEnum: "unfulfilled" | "scheduled" | "on_hold" | "in_progress" | "partial" | "fulfilled" | "restocked" | "unknown";
        /**
         * @description * `signed` - Signed in at the shop
         *     * `email` - Same e-mail address
         *     * `phone` - Same phone number
         *     * `order` - An order's address or number
         *     * `code` - One-time code
         *     * `manual` - Linked by a colleague
         * @enum {string}
         */
        HowEnum: "signed" | "email" | "phone" | "order" | "code" | "manual";
        /** @description A page of events, newest first. */
        InboundEventPage: {
            next: string | null;
            results: components["schemas"]["InboundEventShape"][];
        };
        /** @description One raw thing a provider sent us. */
        InboundEventShape: {
            attempts: number;
            channel: components["schemas"]["EventChannel"];
            /** Format: uuid */
            id: string;
            message_ids: string[];
            reason: string;
            /** Format: date-time */
            received_at: string;
            source: string;
            state: components["schemas"]["WorkState"];
        };
        /** @description What a shop or its apps noted. */
        KeyValue: {
            key: string;
            value: string;
        };
        LabelledAmount: {
            amount: components["schemas"]["Amount"];
            label: string;
        };
        /** @description A shop's customer that a contact is, or is said to be. */
        LinkedCustomer: {
            email: string;
            evidence: string;
            /** @description The shop's own id. */
            gid: string;
            /** Format: uuid */
            id: string;
            name: string;
            phone: string;
            store: components["schemas"]["LinkedStore"];
            /** @description False: only said to be. */
            verified: boolean;
        };
        /** @description The shop a customer is one of. */
        LinkedStore: {
            domain: string;
            /** Format: uuid */
            id: string;
        };
        /** @description The customer a contact is. */
        LinkInputRequest: {
            /** Format: uuid */
            customer: string;
        };
        /**
         * @description * `human` - human
         *     * `auto` - auto
         *     * `bulk` - bulk
         * @enum {string}
         */
        MachineEnum: "human" | "auto" | "bulk";
        /** @description The newest message that matched. */
        Match: {
            /** Format: uuid */
            message_id: string;
            seq: number;
            snippet: components["schemas"]["Segment"][];
        };
        /**
         * @description * `customer` - customer
         *     * `address` - address
         *     * `number` - number
         * @enum {string}
         */
        MatchEnum: "customer" | "address" | "number";
        /** @description All members. */
        MemberList: {
            next: string | null;
            results: components["schemas"]["MemberShape"][];
        };
        /** @description A person of the workspace. */
        MemberShape: {
            active: boolean;
            /** Format: email */
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            role: components["schemas"]["Role"];
        };
        /** @description Who becomes part of the contact in the path. */
        MergeInputRequest: {
            /** Format: uuid */
            other: string;
        };
        /** @description A contact's merges, newest first. */
        MergeList: {
            next: string | null;
            results: components["schemas"]["MergeShape"][];
        };
        /** @description The merge, by which it can be undone. */
        MergeMade: {
            /** Format: uuid */
            id: string;
        };
        /** @description One merge of two contacts, and whether it was undone. */
        MergeShape: {
            because: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            made_at: string;
            /** @description Null when a proof merged them. */
            made_by: components["schemas"]["Named"] | null;
            other: components["schemas"]["Named"];
            survivor: components["schemas"]["Named"];
            /** Format: date-time */
            undone_at: string | null;
            undone_by: components["schemas"]["Named"] | null;
        };
        /** @description Who asks, where, and what they may do. */
        MeShape: {
            can: string[];
            role: components["schemas"]["Role"];
            user: components["schemas"]["MyUser"];
            workspace: components["schemas"]["WorkspaceShape"];
            workspaces: components["schemas"]["WorkspaceShape"][];
        };
        /** @description Messages in ascending order with the lines between them; ``next`` leads further back. */
        MessagePage: {
            events: components["schemas"]["ThreadEvent"][];
            next: string | null;
            results: components["schemas"]["MessageShape"][];
        };
        /** @description One thing said. */
        MessageShape: {
            attachments: components["schemas"]["AttachmentShape"][];
            author: components["schemas"]["Author"];
            /** @description Sanitised. Remote pictures wait in data-remote-src. */
            body_html: string;
            body_text: string;
            cc: components["schemas"]["Recipient"][];
            /** @description Null for a private note. */
            channel: components["schemas"]["ChannelRef"] | null;
            /** Format: uuid */
            client_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description Null for inbound and private messages. */
            delivery: components["schemas"]["DeliveryShape"] | null;
            direction: components["schemas"]["Direction"];
            /** Format: uuid */
            id: string;
            machine: components["schemas"]["MachineEnum"];
            /** @description Without quotes and signature; empty if nothing was folded. */
            new_text: string;
            private: boolean;
            provider_id: string | null;
            /** Format: date-time */
            provider_time: string | null;
            /** Format: date-time */
            send_at: string | null;
            seq: number;
            sources: components["schemas"]["Source"][];
            subject: string;
            to: components["schemas"]["Recipient"][];
            warnings: string[];
        };
        /**
         * @description * `reply` - reply
         *     * `note` - note
         * @enum {string}
         */
        ModeEnum: "reply" | "note";
        MoneyActionPage: {
            next: string | null;
            results: components["schemas"]["MoneyActionShape"][];
        };
        /** @description One thing to be done in a shop, at most once. */
        MoneyActionShape: {
            approval_reason: string;
            approved_by: components["schemas"]["Named"] | null;
            /** Format: date-time */
            confirmed_at: string | null;
            /** Format: uuid */
            conversation: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** @description One of refund, cancel, exchange, return, order_address, customer_address, note, tags, edit, reship, discount, gift_card, confirmation, invoice */
            kind: string;
            /** Format: uuid */
            order: string | null;
            order_name: string;
            outcome: components["schemas"]["ActionOutcome"] | null;
            preview: components["schemas"]["ActionPreview"];
            reason: string;
            requested_by: components["schemas"]["Named"] | null;
            /** @description Codes worth money; only for who asked for them. */
            secrets: {
                [key: string]: string;
            };
            sentence: string;
            /** Format: date-time */
            settled_at: string | null;
            /** @description One of previewed, awaiting_approval, confirmed, committing, unconfirmed, reading_back, pending, done, refused, failed, declined, expired */
            state: string;
            /** @description Where a document that was made is fetched. */
            url: string | null;
            verdict: components["schemas"]["ActionVerdict"];
        };
        /** @description You, as a member of this workspace. */
        MyUser: {
            /** Format: email */
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            signature: string;
        };
        /** @description Somebody or something with a name. */
        Named: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /**
         * @description What is to be done. Which further members count depends on `kind`; others are ignored.
         *
         *     refund: `lines[{line_id, quantity, restock: cancelled|returned|none}]`, `shipping` or
         *     `full_shipping`, `amount` (a lower one than calculated). cancel: `cancel_reason`
         *     (customer|stock|fraud|declined|staff|other; also accepted as `reason`), `refund`, `restock`,
         *     `note`. return: `lines[{line_id, quantity, reason, note}]`. exchange: the same and
         *     `replacements[{variant_id, quantity}]`. order_address, customer_address: `address{line1, line2,
         *     city, zip, province_code, country_code, first_name, last_name, phone}`. note: `note`. tags: `add`,
         *     `remove`. edit: `lines[{line_id, quantity}]`, `add[{variant_id, quantity}]`. reship:
         *     `lines[{line_id, quantity}]`. discount: `percent` or `amount`, `days`. gift_card: `amount`,
         *     `note`, `expires_on`. confirmation: `email`. Several also take `notify`.
         */
        NewActionRequest: {
            /** Format: uuid */
            conversation?: string | null;
            /**
             * Format: uuid
             * @description For actions about a customer; without it the order's.
             */
            customer?: string | null;
            /** @description One of refund, cancel, exchange, return, order_address, customer_address, note, tags, edit, reship, discount, gift_card, confirmation, invoice */
            kind: string;
            /** Format: uuid */
            order?: string | null;
            /**
             * @description Why, in your words; stands in the conversation's story.
             * @default
             */
            reason: string;
        };
        /** @description The first message to somebody. */
        NewConversationRequest: {
            attachments?: string[];
            body: string;
            /** Format: uuid */
            channel: string;
            /** Format: date-time */
            send_at?: string | null;
            /** @default  */
            subject: string;
            to: string;
        };
        /** @description A reply, or with ``private`` a note. */
        NewMessageRequest: {
            attachments?: string[];
            bcc?: string[];
            body: string;
            cc?: string[];
            /** Format: uuid */
            channel?: string | null;
            /**
             * Format: uuid
             * @description Yours; the same one twice is the same message.
             */
            client_id?: string | null;
            /** @default false */
            private: boolean;
            /** @description The last message you saw: refused when the customer wrote after it. */
            seen_seq?: number | null;
            /** Format: date-time */
            send_at?: string | null;
            /** @default  */
            subject: string;
            to?: string[];
        };
        /** @enum {unknown} */
        NullEnum: null;
        /**
         * @description * `labelled` - labelled
         *     * `confirmed` - confirmed
         *     * `in_transit` - in_transit
         *     * `out_for_delivery` - out_for_delivery
         *     * `attempted` - attempted
         *     * `ready_for_pickup` - ready_for_pickup
         *     * `delayed` - delayed
         *     * `delivered` - delivered
         *     * `picked_up` - picked_up
         *     * `failed` - failed
         *     * `cancelled` - cancelled
         *     * `unknown` - unknown
         * @enum {string}
         */
        ParcelState: "labelled" | "confirmed" | "in_transit" | "out_for_delivery" | "attempted" | "ready_for_pickup" | "delayed" | "delivered" | "picked_up" | "failed" | "cancelled" | "unknown";
        /** @description What changes about a contact. */
        PatchedContactPatchRequest: {
            name?: string;
            notes?: string;
        };
        /** @description What changes; everything else stays. */
        PatchedConversationPatchRequest: {
            /** Format: uuid */
            assignee?: string | null;
            outcome?: string | null;
            priority?: components["schemas"]["Priority"];
            /** Format: date-time */
            snoozed_until?: string | null;
            status?: components["schemas"]["Status"];
            subject?: string;
            tags?: string[];
            /** Format: uuid */
            team?: string | null;
            topic?: string | null;
        };
        /**
         * @description * `pending` - pending
         *     * `authorized` - authorized
         *     * `partially_paid` - partially_paid
         *     * `paid` - paid
         *     * `partially_refunded` - partially_refunded
         *     * `refunded` - refunded
         *     * `voided` - voided
         *     * `expired` - expired
         *     * `unknown` - unknown
         * @enum {string}
         */
        PaymentEnum: "pending" | "authorized" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "voided" | "expired" | "unknown";
        /** @description One address of a contact, and why we believe it is theirs. */
        Point: {
            evidence: string;
            kind: components["schemas"]["PointKind"];
            value: string;
            verified: boolean;
        };
        /**
         * @description * `email` - E-mail
         *     * `phone` - Phone
         *     * `chat` - Chat
         *     * `instagram` - Instagram
         *     * `messenger` - Messenger
         *     * `whatsapp` - WhatsApp
         * @enum {string}
         */
        PointKind: "email" | "phone" | "chat" | "instagram" | "messenger" | "whatsapp";
        /**
         * @description * `low` - Low
         *     * `normal` - Normal
         *     * `high` - High
         *     * `urgent` - Urgent
         * @enum {string}
         */
        Priority: "low" | "normal" | "high" | "urgent";
        /** @description A refusal (RFC 9457). */
        Problem: {
            /** @description Stable; programs decide by it. */
            code: string;
            /** @description A sentence for the person in front of it. */
            detail: string;
            errors: components["schemas"]["FieldProblem"][];
            request_id: string | null;
            status: number;
            title: string;
            type: string;
        };
        /** @description How far you have read. */
        ReadUpToRequest: {
            seq: number;
        };
        /** @description An address in To or Cc. */
        Recipient: {
            address: string;
            name?: string;
        };
        /** @description Why not. */
        RefusedRequest: {
            /** @default  */
            reason: string;
        };
        /** @description Where a reply would go. */
        ReplyShape: {
            cc: string[];
            channel: components["schemas"]["ChannelRef"];
            to: string[];
        };
        /**
         * @description * `requested` - requested
         *     * `open` - open
         *     * `closed` - closed
         *     * `declined` - declined
         *     * `cancelled` - cancelled
         *     * `unknown` - unknown
         * @enum {string}
         */
        ReturnState: "requested" | "open" | "closed" | "declined" | "cancelled" | "unknown";
        /**
         * @description * `owner` - Owner
         *     * `admin` - Admin
         *     * `supervisor` - Supervisor
         *     * `agent` - Agent
         *     * `viewer` - Viewer
         * @enum {string}
         */
        Role: "owner" | "admin" | "supervisor" | "agent" | "viewer";
        /** @description All saved replies. */
        SavedReplyList: {
            next: string | null;
            results: components["schemas"]["SavedReplyShape"][];
        };
        /** @description A text agents use often. */
        SavedReplyShape: {
            body: string;
            /** Format: uuid */
            id: string;
            name: string;
            shortcut: string;
        };
        /** @description A conversation that was found; ``match`` is null when filters alone found it. */
        SearchHit: {
            ai_state: components["schemas"]["AiState"];
            assignee: components["schemas"]["Named"] | null;
            channels: components["schemas"]["ChannelRef"][];
            contact: components["schemas"]["Named"];
            /** Format: uuid */
            id: string;
            /** @description Where the customer wrote last; a reply goes there. */
            last_channel: components["schemas"]["ChannelRef"] | null;
            last_direction: (components["schemas"]["Direction"] | components["schemas"]["NullEnum"]) | null;
            /** Format: date-time */
            last_message_at: string;
            last_seq: number;
            match: components["schemas"]["Match"] | null;
            /** @description What people call it: #1042. */
            number: number;
            outcome: string | null;
            preview: string;
            priority: components["schemas"]["Priority"];
            sla: components["schemas"]["Deadline"] | null;
            /** Format: date-time */
            snoozed_until: string | null;
            status: components["schemas"]["Status"];
            subject: string;
            tags: string[];
            team: components["schemas"]["Named"] | null;
            topic: string | null;
            /** @description The customer wrote something you have not read. */
            unread: boolean;
            /**
             * Format: date-time
             * @description Since when the customer waits; null when it is not our turn.
             */
            waiting_since: string | null;
        };
        /** @description A page of search results, newest match first. */
        SearchPage: {
            next: string | null;
            results: components["schemas"]["SearchHit"][];
        };
        /** @description A piece of text; ``hit`` ones are to be highlighted. */
        Segment: {
            hit: boolean;
            text: string;
        };
        /** @description A postal address, in parts and as printed. */
        ShopAddress: {
            city: string;
            company: string;
            country_code: string;
            first_name: string;
            formatted: string[];
            id: string;
            last_name: string;
            line1: string;
            line2: string;
            phone: string;
            province_code: string;
            zip: string;
        };
        /** @description A customer that a contact is, with the evidence. */
        ShopCustomer: {
            address: components["schemas"]["ShopAddress"] | null;
            email: string;
            email_marketing: string;
            evidence: string;
            how: components["schemas"]["HowEnum"];
            /** Format: uuid */
            id: string;
            lifetime: string;
            locale: string;
            name: string;
            note: string;
            number: string;
            orders: number;
            phone: string;
            /** Format: date-time */
            since: string | null;
            sms_marketing: string;
            spent: components["schemas"]["Amount"] | null;
            /** Format: uuid */
            store: string;
            /** Format: date-time */
            synced_at: string;
            tags: string[];
            tax_exempt: boolean;
            /** @description Proven. If not, tell this person nothing of it. */
            verified: boolean;
            withheld: string[];
        };
        /** @description A shop's customer in short. */
        ShopCustomerBrief: {
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            number: string;
            orders: number;
            phone: string;
            spent: components["schemas"]["Amount"] | null;
            /** Format: uuid */
            store: string;
        };
        /** @description A chargeback or inquiry of the customer's bank. */
        ShopDispute: {
            kind: string;
            state: string;
        };
        /** @description One line of an order. */
        ShopLine: {
            attributes: components["schemas"]["KeyValue"][];
            available: boolean | null;
            current_quantity: number;
            final_sale: boolean;
            fulfilled_quantity: number;
            gift_card: boolean;
            id: string;
            /** @description Through our own server. */
            image: string;
            paid_price: components["schemas"]["Amount"] | null;
            product_id: string;
            quantity: number;
            refundable_quantity: number;
            requires_shipping: boolean;
            returnable_quantity: number | null;
            sku: string;
            title: string;
            total: components["schemas"]["Amount"];
            unit_price: components["schemas"]["Amount"];
            variant: string;
            variant_id: string;
        };
        /** @description One order, why it is shown, and whether it is proven to be this person's. */
        ShopOrder: {
            attributes: components["schemas"]["KeyValue"][];
            /** @description Kinds of money action that make sense now. */
            can: string[];
            cancel_reason: string;
            /** Format: date-time */
            cancelled_at: string | null;
            /** @description The platform's id; empty for a guest. */
            customer: string;
            customer_name: string;
            discount_codes: string[];
            disputes: components["schemas"]["ShopDispute"][];
            edited: boolean;
            email: string;
            evidence: string;
            fulfilment: components["schemas"]["FulfilmentEnum"];
            gid: string;
            /** Format: uuid */
            id: string;
            lines: components["schemas"]["ShopLine"][];
            /** @description Lines not told here; GET /shop-orders/{id} has them. */
            lines_left: number;
            locale: string;
            match: components["schemas"]["MatchEnum"];
            name: string;
            note: string;
            number: string;
            paid_by: string;
            parcels: components["schemas"]["ShopParcel"][];
            payment: components["schemas"]["PaymentEnum"];
            phone: string;
            /** Format: date-time */
            placed_at: string;
            refunds: components["schemas"]["ShopRefund"][];
            return_state: string;
            returns: components["schemas"]["ShopReturn"][];
            risk: string;
            shipping_address: components["schemas"]["ShopAddress"] | null;
            shipping_method: string;
            /** @description Its number was named in the conversation. */
            spoken: boolean;
            /** @description Holds a secret; empty unless verified. */
            status_page_url: string;
            /** Format: uuid */
            store: string;
            /**
             * Format: date-time
             * @description When our copy was read.
             */
            synced_at: string;
            tags: string[];
            test: boolean;
            totals: components["schemas"]["ShopTotals"];
            /** Format: date-time */
            updated_at: string | null;
            /** @description Proven. If not, tell this person nothing of it. */
            verified: boolean;
            withheld: string[];
        };
        /** @description A page of a person's orders, newest first. */
        ShopOrderPage: {
            next: string | null;
            results: components["schemas"]["ShopOrder"][];
        };
        /** @description One shipment of an order; an order may have several. */
        ShopParcel: {
            active: boolean;
            /** Format: date-time */
            created_at: string | null;
            /** Format: date-time */
            delivered_at: string | null;
            /** Format: date-time */
            estimate: string | null;
            events: components["schemas"]["ShopParcelEvent"][];
            id: string;
            /** Format: date-time */
            in_transit_at: string | null;
            lines: components["schemas"]["ShopParcelLine"][];
            name: string;
            state: components["schemas"]["ParcelState"];
            tracking: components["schemas"]["ShopTracking"][];
        };
        /** @description What a carrier told. */
        ShopParcelEvent: {
            /** Format: date-time */
            at: string;
            message: string;
            place: string;
            state: components["schemas"]["ParcelState"];
        };
        /** @description Pieces in a parcel. */
        ShopParcelLine: {
            line: string;
            name: string;
            quantity: number;
        };
        /** @description So many of something. */
        ShopPieces: {
            name: string;
            quantity: number;
        };
        /** @description Money that went back. */
        ShopRefund: {
            /** Format: date-time */
            created_at: string | null;
            id: string;
            lines: components["schemas"]["ShopPieces"][];
            note: string;
            total: components["schemas"]["Amount"];
        };
        /** @description A return. */
        ShopReturn: {
            /** Format: date-time */
            created_at: string | null;
            exchange: components["schemas"]["ShopPieces"][];
            id: string;
            lines: components["schemas"]["ShopReturnLine"][];
            name: string;
            quantity: number;
            state: components["schemas"]["ReturnState"];
        };
        /** @description Pieces on their way back. */
        ShopReturnLine: {
            name: string;
            quantity: number;
            reason: string;
        };
        /** @description Customers and guests' orders that a search found. */
        ShopSearch: {
            next: string | null;
            results: components["schemas"]["ShopSearchHit"][];
        };
        /** @description A customer, or the order of a guest. */
        ShopSearchHit: {
            customer: components["schemas"]["ShopCustomerBrief"] | null;
            /** Format: uuid */
            order: string | null;
            order_name: string;
        };
        /** @description What the shops know of a person. ``more``: there are older orders than these. */
        ShopShape: {
            /** @description Why, or why not, in a sentence. */
            because: string;
            customers: components["schemas"]["ShopCustomer"][];
            /** @description Whoever writes here is proven enough to be told. */
            may_tell: boolean;
            more: boolean;
            orders: components["schemas"]["ShopOrder"][];
            stores: components["schemas"]["ShopStore"][];
        };
        /** @description A shop of the workspace and how far our copy of it goes. */
        ShopStore: {
            /**
             * Format: date-time
             * @description Every change up to here is in our copy.
             */
            complete_until: string | null;
            currency: string;
            domain: string;
            /** @description Why the last look at the shop failed. */
            error: string;
            /** Format: uuid */
            id: string;
            name: string;
            platform: string;
            status: components["schemas"]["ShopStoreStatusEnum"];
            /** @description What is wrong and what mends it. */
            trouble: string;
            /** @description Facts the platform does not show us (yet). */
            withheld: string[];
        };
        /**
         * @description * `installed` - Connected
         *     * `needs_login` - Needs somebody to open the app
         *     * `frozen` - Paused by the platform
         *     * `uninstalled` - Disconnected
         *     * `gone` - Closed
         * @enum {string}
         */
        ShopStoreStatusEnum: "installed" | "needs_login" | "frozen" | "uninstalled" | "gone";
        /** @description The sums of an order. */
        ShopTotals: {
            discounts: components["schemas"]["Amount"];
            /** @description Received and not given back. */
            left: components["schemas"]["Amount"];
            outstanding: components["schemas"]["Amount"];
            paid: components["schemas"]["Amount"];
            refunded: components["schemas"]["Amount"];
            shipping: components["schemas"]["Amount"];
            store_total: components["schemas"]["Amount"] | null;
            subtotal: components["schemas"]["Amount"];
            tax: components["schemas"]["Amount"];
            taxes_included: boolean;
            total: components["schemas"]["Amount"];
        };
        /** @description One number to follow a parcel by. */
        ShopTracking: {
            carrier: string;
            number: string;
            url: string;
        };
        /** @description A variant that can be added to an order, or sent in exchange. */
        ShopVariant: {
            available: boolean;
            id: string;
            name: string;
            price: components["schemas"]["Amount"];
        };
        /** @description Variants of the products that were found. */
        ShopVariants: {
            next: string | null;
            results: components["schemas"]["ShopVariant"][];
        };
        /** @description What a fact in an AI message is tied to. */
        Source: {
            title: string;
            url: string;
        };
        /** @description An order the customer named. */
        SpokenOrder: {
            /** @description Nothing has proven yet that the order is theirs. */
            claimed: boolean;
            /**
             * Format: uuid
             * @description The message that named it first.
             */
            message_id: string;
            /** @description As the shop prints it, such as #1001. */
            name: string;
        };
        /**
         * @description * `open` - Open
         *     * `waiting` - Waiting on customer
         *     * `snoozed` - Snoozed
         *     * `closed` - Closed
         *     * `spam` - Spam
         *     * `trash` - Trash
         * @enum {string}
         */
        Status: "open" | "waiting" | "snoozed" | "closed" | "spam" | "trash";
        /** @description One of two contacts that may be one person. */
        SuggestedContact: {
            /** Format: uuid */
            id: string;
            name: string;
            points: components["schemas"]["Point"][];
        };
        /** @description What waits for a decision, newest first. */
        SuggestionPage: {
            next: string | null;
            results: components["schemas"]["SuggestionShape"][];
        };
        /** @description Two contacts that may be one person, and why. */
        SuggestionShape: {
            because: string;
            /** Format: date-time */
            created_at: string;
            first: components["schemas"]["SuggestedContact"];
            /** Format: uuid */
            id: string;
            second: components["schemas"]["SuggestedContact"];
        };
        /** @description All teams. */
        TeamList: {
            next: string | null;
            results: components["schemas"]["TeamShape"][];
        };
        /** @description A team and the ids of its members. */
        TeamShape: {
            /** Format: uuid */
            id: string;
            members: string[];
            name: string;
        };
        /** @description A line nobody said, behind the message ``after_seq``. */
        ThreadEvent: {
            actor: components["schemas"]["Named"] | null;
            after_seq: number;
            /** Format: date-time */
            created_at: string;
            data: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            id: string;
            kind: string;
        };
        /** @description Where an item of a timeline happened. */
        TimelineConversation: {
            /** Format: uuid */
            id: string;
            number: number;
            status: components["schemas"]["Status"];
            subject: string;
        };
        /** @description One thing in a person's story: ``message``, ``note`` or ``event``. */
        TimelineItem: {
            /** Format: date-time */
            at: string;
            channel: components["schemas"]["ChannelRef"] | null;
            conversation: components["schemas"]["TimelineConversation"];
            direction: (components["schemas"]["Direction"] | components["schemas"]["NullEnum"]) | null;
            files: boolean;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["TimelineKind"];
            text: string;
            who: string;
        };
        /**
         * @description * `message` - message
         *     * `note` - note
         *     * `event` - event
         * @enum {string}
         */
        TimelineKind: "message" | "note" | "event";
        /** @description A page of a timeline, newest first. */
        TimelinePage: {
            next: string | null;
            results: components["schemas"]["TimelineItem"][];
        };
        /** @description A file, as multipart form data. */
        UploadRequest: {
            /** Format: binary */
            file: string;
        };
        /** @description Whether the customer may be told of orders here, why, and what would prove it. */
        Verification: {
            because: string;
            targets: components["schemas"]["CodeTarget"][];
            verified: boolean;
            waiting: components["schemas"]["WaitingCode"] | null;
        };
        /** @description A code that was sent and not typed yet. */
        WaitingCode: {
            attempts_left: number;
            /** Format: date-time */
            expires_at: string;
            /** @description As the customer may see it: d…@c….test */
            sent_to: string;
        };
        /** @description A merchant account. */
        WorkspaceShape: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
        };
        /**
         * @description * `new` - Waiting
         *     * `claimed` - In work
         *     * `done` - Done
         *     * `ignored` - Nothing for us
         *     * `quarantined` - Needs a look
         * @enum {string}
         */
        WorkState: "new" | "claimed" | "done" | "ignored" | "quarantined";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    upload_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["UploadRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_channels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_contacts: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_contact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedContactPatchRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    block_contact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unblock_contact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    link_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShopCustomerBrief"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlink_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                customer: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    merge_contacts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeMade"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_merges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeList"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_contact_orders: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShopOrderPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_timeline: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelinePage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_conversations: {
        parameters: {
            query?: {
                /** @description `me`, `none` or a member's id. */
                assignee?: string;
                /** @description Ids or kinds, by comma. */
                channel?: string;
                cursor?: string;
                limit?: number;
                q?: string;
                /**
                 * @description * `newest` - newest
                 *     * `waiting` - waiting
                 *     * `sla` - sla
                 */
                sort?: "newest" | "waiting" | "sla";
                /** @description One or several, by comma. Without it: all but spam and trash. */
                status?: string;
                tag?: string;
                /** @description `none` or a team's id. */
                team?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_conversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConversationRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationDetail"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationDetail"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_conversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedConversationPatchRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationDetail"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftShape"];
                };
            };
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forward_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForwardInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                after_seq?: number;
                before_seq?: number;
                cursor?: string;
                /** @description Load remote pictures, through our own address. */
                images?: boolean;
                limit?: number;
                provider_id?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessageRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mark_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadUpToRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conversation_shop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShopShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_verification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CodeInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountsShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_inbound_events: {
        parameters: {
            query?: {
                channel?: string;
                cursor?: string;
                limit?: number;
                /** @description A door such as `email/mailgun`, or its kind: `email`. */
                source?: string;
                /**
                 * @description * `new` - Waiting
                 *     * `claimed` - In work
                 *     * `done` - Done
                 *     * `ignored` - Nothing for us
                 *     * `quarantined` - Needs a look
                 */
                state?: "new" | "claimed" | "done" | "ignored" | "quarantined" | "";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboundEventPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_inbound_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboundEventShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_merge_suggestions: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_merge_suggestion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeMade"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dismiss_merge_suggestion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undo_merge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_money_actions: {
        parameters: {
            query?: {
                conversation?: string | null;
                cursor?: string;
                limit?: number;
                order?: string | null;
                /** @description One of previewed, awaiting_approval, confirmed, committing, unconfirmed, reading_back, pending, done, refused, failed, declined, expired */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoneyActionPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_money_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewActionRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoneyActionShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_money_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoneyActionShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_money_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DecidedRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoneyActionShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_money_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoneyActionShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_money_action_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invoice as a PDF. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decline_money_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description Same key and body within 24 h: the stored answer, nothing twice. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefusedRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoneyActionShape"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description In a state that does not allow this, or still running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only JSON, and multipart for files. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Understood, and not possible. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often. Wait, as the sentence says. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_saved_replies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedReplyList"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchPage"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_shop_customers: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShopSearch"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_shop_order: {
        parameters: {
            query?: {
                contact?: string | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShopOrder"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing by that id in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_shop_variants: {
        parameters: {
            query: {
                /** @description Ids, by comma. */
                product?: string;
                q?: string;
                store: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShopVariants"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_teams: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamList"];
                };
            };
            /** @description Malformed or invalid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token or session, or a wrong one. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token's scope or the person's role does not reach. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
