import { and, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { check, date, integer, numeric, pgSchema, pgTable, serial, text } from 'drizzle-orm/pg-core';

const CURRENCIES = ['EUR', 'USD', 'CHF'];
const literals = sql.raw(CURRENCIES.map((currency) => `'${currency}'`).join(', '));

export const offers = pgTable('offers', {
  id: serial('id').primaryKey(),
  price: numeric('price').notNull(),
  oldPrice: numeric('old_price'),
  currency: text('currency').notNull(),
  from: date('from'),
  until: date('until'),
  userId: integer('user_id'),
  guestName: text('guest_name'),
}, (t) => [
  check('price_positive', sql`${t.price} > 0`),
  check('price_lower', sql`${t.oldPrice} is null or ${t.price} < ${t.oldPrice}`),
  check('currency_known', sql`${t.currency} in (${literals})`),
  check('plain_text', sql`char_length(currency) = 3`),
  check('dates_ordered', gt(t.until, t.from)),
  check('one_owner', or(isNotNull(t.userId), isNotNull(t.guestName))!),
  check('not_both', sql`not (${and(isNotNull(t.userId), isNotNull(t.guestName))})`),
  check('nulls', isNull(t.oldPrice)),
  check('multi line', sql`
    case
      when ${t.userId} is null then true
      else ${t.price} < 1000
    end
  `),
]);

export const shop = pgSchema('shop');
export const carts = shop.table('carts', {
  id: serial('id').primaryKey(),
  items: integer('items').notNull(),
}, (t) => [check('items_not_negative', sql`${t.items} >= 0`)]);
