package io.perigee.benchmarks.matching;

import exchange.core2.collections.objpool.ObjectsPool;
import exchange.core2.core.common.CoreSymbolSpecification;
import exchange.core2.core.common.MatcherEventType;
import exchange.core2.core.common.OrderAction;
import exchange.core2.core.common.OrderType;
import exchange.core2.core.common.SymbolType;
import exchange.core2.core.common.cmd.OrderCommand;
import exchange.core2.core.common.config.LoggingConfiguration;
import exchange.core2.core.orderbook.IOrderBook;
import exchange.core2.core.orderbook.OrderBookDirectImpl;
import exchange.core2.core.orderbook.OrderBookEventsHelper;
import io.perigee.market.matching.OfferView;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * exchange-core's order book alone, without its pipeline of threads: offers are asks of as many lots as they have slots,
 * a job takes two lots up to its price. Of a job's constraints it knows the price and nothing else, and both lots may be one
 * owner's: it shows what the order by price costs, and does less.
 */
final class OrderBook {
    private static final int SYMBOL = 1;

    private final IOrderBook book = new OrderBookDirectImpl(
            new CoreSymbolSpecification(SYMBOL, SymbolType.CURRENCY_EXCHANGE_PAIR, 1, 2, 1, 1, 0, 0, 0, 0),
            ObjectsPool.createDefaultTestPool(),
            OrderBookEventsHelper.NON_POOLED_EVENTS_HELPER,
            LoggingConfiguration.DEFAULT);
    private final Queue<Long> running = new ArrayDeque<>();
    private final List<LargeMarket.Wanted> jobs;
    private final int most;
    private long orders;
    private int at;

    /** @param most placements that are kept running */
    OrderBook(List<OfferView> offers, List<LargeMarket.Wanted> jobs, int most) {
        this.jobs = jobs;
        this.most = most;
        offers.forEach(view -> ask(
                view.offer().perMillionTokens().value().longValueExact(),
                view.offer().slots()));
    }

    /** Jobs a second of processor time, each placed and later released. */
    double run(double seconds) {
        var cost = new Cost();
        long many = 0;
        while (cost.seconds() < seconds) {
            for (int round = 0; round < 1_000; round++) {
                turn();
            }
            many += 1_000;
        }
        return many / cost.seconds();
    }

    private void turn() {
        var bid = OrderCommand.newOrder(
                OrderType.IOC, ++orders, 1, ceiling(jobs.get(at++ % jobs.size())), 0, 2, OrderAction.BID);
        bid.symbol = SYMBOL;
        bid.reserveBidPrice = bid.price;
        book.newOrder(bid);
        for (var event = bid.matcherEvent; event != null; event = event.nextEvent) {
            if (event.eventType == MatcherEventType.TRADE) {
                for (long lot = 0; lot < event.size; lot++) {
                    running.add(event.price);
                }
            }
        }
        while (running.size() > most) {
            ask(running.remove(), 1);
        }
    }

    private void ask(long price, long lots) {
        var ask = OrderCommand.newOrder(OrderType.GTC, ++orders, 1, price, 0, lots, OrderAction.ASK);
        ask.symbol = SYMBOL;
        book.newOrder(ask);
    }

    /** What a job pays at most for a million tokens. */
    private static long ceiling(LargeMarket.Wanted job) {
        return job.request()
                .attemptCeiling()
                .mulDivFloor(1_000_000, job.spec().units())
                .value()
                .longValueExact();
    }
}
