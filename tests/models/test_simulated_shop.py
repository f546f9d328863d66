from datetime import date

import numpy as np
import pandas as pd
import pytest

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.shop_truth import CHANNELS, ShopChannel
from clv_xl.models.simulated_shop import ORDER_COLUMNS, SimulatedShop, simulate_shop
from clv_xl.periods import DAYS_PER_YEAR


@pytest.fixture(scope="module")
def shop() -> SimulatedShop:
    return simulate_shop(seed=2024)


def future_spend(
    random: np.random.Generator,
    rate: Floats,
    dropout: Floats,
    mean_spend: Floats,
    annual_discount_rate: float = 0.0,
) -> Floats:
    """Play one year purchase by purchase, for customers who are alive when it begins."""
    spent = np.zeros(rate.size)
    now = np.zeros(rate.size)
    alive = np.ones(rate.size, dtype=bool)
    while alive.any():
        now = now + random.exponential(1 / rate)
        alive &= now < DAYS_PER_YEAR
        value = mean_spend * random.gamma(6.0, 1 / 6.0, rate.size)
        spent += np.where(alive, value * (1 + annual_discount_rate) ** (-now / DAYS_PER_YEAR), 0)
        alive &= random.random(rate.size) >= dropout
    return spent


@pytest.mark.parametrize("annual_discount_rate", [0.0, 0.1])
def test_the_true_residual_spend_is_what_playing_the_future_gives(
    shop: SimulatedShop, annual_discount_rate: float
) -> None:
    random = np.random.default_rng(7)
    alive = shop.truth.customers[shop.truth.customers["alive"]]
    rate, dropout, mean = (
        alive[["purchases_per_day", "dropout_probability", "mean_spend"]].to_numpy().T
    )

    futures = [
        future_spend(random, rate, dropout, mean, annual_discount_rate).sum() for _ in range(100)
    ]

    true = shop.truth.residual_spend(DAYS_PER_YEAR, annual_discount_rate) / shop.truth.net_share
    assert abs(np.mean(futures) - true) <= 4 * np.std(futures) / 10


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_the_true_value_of_a_new_customer_is_what_playing_their_year_gives(
    shop: SimulatedShop, channel: ShopChannel
) -> None:
    random = np.random.default_rng(11)
    size = 200_000
    rate = random.gamma(channel.r, 1 / channel.alpha, size)
    dropout = random.beta(channel.a, channel.b, size)
    mean = channel.spend_shape * channel.gamma / random.gamma(channel.spread_shape, 1, size)
    returns = random.random(size) >= dropout

    year = mean + np.where(returns, future_spend(random, rate, dropout, mean, 0.1), 0)

    true = shop.truth.new_customer_spend(DAYS_PER_YEAR, 0.1, channel.name) / shop.truth.net_share
    assert abs(year.mean() - true) <= 4 * year.std() / np.sqrt(size)


def test_a_customer_of_the_usual_mix_is_worth_the_mean_of_the_channels(
    shop: SimulatedShop,
) -> None:
    mean = sum(c.share * shop.truth.new_customer_spend(channel=c.name) for c in CHANNELS)

    assert shop.truth.new_customer_spend() == pytest.approx(mean)


def test_the_same_seed_makes_the_same_shop_and_another_seed_another() -> None:
    one, same, other = (simulate_shop(300, seed=seed) for seed in (5, 5, 6))

    pd.testing.assert_frame_equal(one.orders, same.orders)
    pd.testing.assert_frame_equal(one.spend, same.spend)
    pd.testing.assert_frame_equal(one.truth.customers, same.truth.customers)
    assert not one.orders.equals(other.orders)


def test_the_log_has_the_size_span_and_columns_of_a_real_one(shop: SimulatedShop) -> None:
    assert tuple(shop.orders.columns) == ORDER_COLUMNS
    assert 15_000 <= len(shop.orders) <= 20_000
    assert shop.orders["order_date"].is_monotonic_increasing
    assert shop.orders["order_date"].min().date() == date(2022, 1, 1)
    assert shop.orders["order_date"].max().date() == shop.as_of == date(2024, 12, 31)
    assert set(shop.orders["currency"]) == {"EUR"}
    known = set(shop.orders["customer_id"]) - {""}
    assert known == set(shop.truth.customers["customer_id"])


def test_the_blemishes_are_there_and_few(shop: SimulatedShop) -> None:
    orders = shop.orders
    shares = orders["status"].value_counts(normalize=True)

    assert 0.01 <= shares["refunded"] <= 0.03
    assert 0.01 <= shares["cancelled"] <= 0.02
    assert 1 <= (orders["customer_id"] == "").sum() <= 30
    assert 1 <= orders.duplicated().sum() <= 30
    refunds = orders[orders["amount"] < 0]
    assert set(refunds["status"]) == {"refunded"}
    assert (orders.loc[orders["status"] != "refunded", "amount"] > 0).all()


def test_a_refund_follows_its_order_and_never_exceeds_it(shop: SimulatedShop) -> None:
    lines = shop.orders.drop_duplicates()
    refunds = lines[lines["status"] == "refunded"].set_index("order_id")
    paid = lines[lines["status"] == "completed"].set_index("order_id").loc[refunds.index]

    assert (refunds["amount"] + paid["amount"] >= -1e-9).all()
    assert (refunds["amount"] + paid["amount"] < 1e-9).any()
    assert (refunds["order_date"] > paid["order_date"]).all()
    assert (refunds["customer_id"] == paid["customer_id"]).all()


def test_channel_country_and_name_are_fixed_for_a_customer(shop: SimulatedShop) -> None:
    known = shop.orders[shop.orders["customer_id"] != ""].groupby("customer_id")

    for column in ("channel", "country", "customer_name"):
        assert known[column].nunique().max() == 1
    assert shop.truth.customers["channel"].value_counts().min() > 300


def test_every_channel_has_its_own_ratio_of_value_to_cost(shop: SimulatedShop) -> None:
    by_channel = shop.spend.groupby("channel")[["spend", "new_customers"]].sum()
    cac = by_channel["spend"] / by_channel["new_customers"]

    ratios = {
        name: shop.truth.new_customer_spend(DAYS_PER_YEAR, 0.1, name) * shop.margin_rate / cost
        for name, cost in cac.items()
        if isinstance(name, str)
    }

    assert min(ratios.values()) < 1
    assert max(ratios.values()) > 5
    assert sum(1 <= ratio < 3 for ratio in ratios.values()) == 2


def test_the_spend_table_counts_the_customers_of_the_log(shop: SimulatedShop) -> None:
    paid = shop.orders[(shop.orders["customer_id"] != "") & (shop.orders["status"] == "completed")]
    first = paid.groupby("customer_id").agg({"order_date": "min", "channel": "first"})
    counted = first.groupby([first["order_date"].dt.strftime("%Y-%m"), "channel"]).size()

    spend = shop.spend.assign(month=shop.spend["month"].dt.strftime("%Y-%m"))
    stated = spend.set_index(["month", "channel"])["new_customers"]

    assert len(stated) == 36 * len(CHANNELS)
    assert (stated[counted.index].to_numpy() == counted.to_numpy()).all()
    assert stated.sum() == len(first)
    assert (shop.spend["spend"] > 0).all()


def test_customers_come_steadily(shop: SimulatedShop) -> None:
    months = shop.spend.groupby("month")["new_customers"].sum()

    assert months.max() < 2 * months.min()


@pytest.mark.parametrize("seed", range(5))
def test_the_past_agrees_with_the_truth_that_made_it(seed: int) -> None:
    shop = simulate_shop(seed=seed)
    paid = shop.orders[(shop.orders["customer_id"] != "") & (shop.orders["status"] == "completed")]
    repeats = paid.drop_duplicates().groupby("customer_id").size() - 1

    since_start = np.linspace(0, 1, 201)[1:-1]
    expected = [
        sum(c.share * c.expected_repeats(1096 * (1 - x)) for c in CHANNELS) for x in since_start
    ]
    mean = np.average(expected, weights=0.85 + 0.3 * since_start)  # as customers come

    assert abs(repeats.mean() - mean) <= 4 * repeats.std() / np.sqrt(len(repeats))


@pytest.mark.parametrize("customers", [1, 2, 7])
def test_a_tiny_shop_is_a_shop(customers: int) -> None:
    shop = simulate_shop(customers, seed=3, start=date(2024, 1, 30), as_of=date(2024, 3, 2))

    assert len(shop.truth.customers) == customers
    assert shop.spend["month"].nunique() == 3
    assert shop.spend["new_customers"].sum() == customers
    assert np.isfinite(shop.truth.residual_spend())
    assert shop.orders["order_date"].max() <= pd.Timestamp("2024-03-02")


def test_impossible_shops_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="customers must be at least 1"):
        simulate_shop(0, seed=1)
    with pytest.raises(InvalidArgumentError, match="as_of must be after the start, 2022-01-01"):
        simulate_shop(10, seed=1, as_of=date(2021, 1, 1))
    with pytest.raises(InvalidArgumentError, match=r"one of Search, Social, .* got Radio"):
        simulate_shop(10, seed=1).truth.new_customer_spend(channel="Radio")
