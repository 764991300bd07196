"""Words of other tools and of Japanese, and what they are called here.

One table for the whole language. A row serves where its name is among those that may be written there, so that
``hours`` leads to the calendar of a team and stays itself in a calendar.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Synonym(NamedTuple):
    """Words for something of the language.

    Parameters
    ----------
    words : str
        The words, separated by commas, in lower case.
    ours : str
        What it is called here; empty where the note alone says what to do.
    note : str
        What there is to know beyond the name.
    among : str
        A name that tells the places where the row serves; that of ``ours`` by default.
    of : str
        The distributions whose parameters the row speaks of, separated by commas; empty for all places.
    """

    words: str
    ours: str
    note: str = ""
    among: str = ""
    of: str = ""


TABLE: tuple[Synonym, ...] = (
    # --- distributions
    Synonym(
        "normal, gauss, gaussian, truncnormal, 正規, 正規分布",
        "lognormal",
        "with mean and sd, since times and money are never negative; `norm` with loc and scale can be had as well",
    ),
    Synonym("exp, expo, exponent, negexp, negexpo, 指数, 指数分布", "exponential", "with its mean"),
    Synonym("logn, log_normal, log-normal, 対数正規, 対数正規分布", "lognormal"),
    Synonym("tri, tria, triangle, pert, 三角, 三角分布", "triangular", "with low, mode and high"),
    Synonym("unif, uni, between, randint, 一様, 一様分布", "uniform", "with low and high"),
    Synonym(
        "const, fixed, deterministic, det, static, 定数, 一定, 固定",
        "constant",
        "or write the value alone",
    ),
    Synonym(
        "discrete, choice, categorical, custom, data, sample, samples, histogram, table, cont, continuous, "
        "経験分布",
        "empirical",
        "with values, or with file and column",
    ),
    Synonym("weib, ワイブル, ワイブル分布", "weibull"),
    Synonym(
        "poiss, pois, ポアソン, ポアソン分布",
        "poisson",
        "with mu; arrivals at a `rate` are Poisson already",
    ),
    # --- parameters of distributions
    Synonym(
        "min, minimum, lo, lower, left, from, a, start, loc, 最小, 最小値, 下限",
        "low",
        of="uniform, triangular",
    ),
    Synonym("max, maximum, hi, upper, right, to, b, end, 最大, 最大値, 上限", "high", of="uniform, triangular"),
    Synonym("most_likely, likely, peak, c, 最頻値", "mode", of="triangular"),
    Synonym("avg, average, expected, expectation, m, 平均, 平均値", "mean"),
    Synonym("stdev, std, stddev, std_dev, standard_deviation, s, dev, 標準偏差", "sd"),
    Synonym("var, variance, 分散", "sd", "the square root of the variance"),
    Synonym("lambda, lam, lambd, rate", "mean", "1 / rate", of="exponential"),
    Synonym("lambda, lam, lambd, rate", "mean", "k / rate", of="erlang"),
    Synonym("scale, beta, theta, tau", "mean", of="exponential"),
    Synonym("mu, log_mean, scale", "median", "exp(mu)", of="lognormal"),
    Synonym("s, shape, log_sd", "sigma", "the standard deviation of the logarithm", of="lognormal"),
    Synonym("sigma, sd, stdev, std, stddev", "cv", "the standard deviation divided by the mean", of="gamma"),
    Synonym("var, variance, shape, alpha, a, k", "cv", "sd / mean; of a gamma, 1 / sqrt(shape)", of="gamma"),
    Synonym("scale, theta, beta", "mean", "of a gamma, shape × scale", of="gamma"),
    Synonym("scale, theta", "mean", "k × scale", of="erlang"),
    Synonym("n, order, phases, stages, shape", "k", of="erlang"),
    Synonym("k, c, alpha", "shape", of="weibull"),
    Synonym("lambda, lam, eta, beta", "scale", of="weibull"),
    Synonym("const, constant, val, mean, 値", "value", of="constant"),
    Synonym("data, sample, samples, observations, points", "values", of="empirical"),
    Synonym("mean, mu, location, 平均", "loc", "the mean of a normal distribution", of="norm"),
    Synonym(
        "sd, stdev, std, stddev, sigma, 標準偏差",
        "scale",
        "the standard deviation of a normal distribution",
        of="norm",
    ),
    Synonym("lambda, lam, lambd, rate, mean, 平均", "mu", "the mean", of="poisson"),
    Synonym("sigma, shape, sd, stdev, std", "s", "the standard deviation of the logarithm", of="lognorm"),
    Synonym("median, mu, log_mean", "scale", "the median, exp(mu)", of="lognorm"),
    Synonym("mean, 平均", "scale", "the mean", of="expon"),
    Synonym("lambda, lam, lambd, rate", "scale", "1 / rate", of="expon"),
    Synonym("shape, k, alpha", "c", "the shape", of="weibull_min, weibull_max"),
    Synonym("lambda, lam, eta", "scale", of="weibull_min, weibull_max"),
    Synonym("shape, alpha", "b", "the shape", of="pareto"),
    Synonym("xm, minimum, min", "scale", "the lowest value", of="pareto"),
    Synonym("alpha", "a", of="beta"),
    Synonym("beta", "b", of="beta"),
    Synonym("trials, size", "n", "the number of trials", of="binom, nbinom"),
    Synonym("prob, probability, rate", "p", "the probability", of="binom, nbinom, geom, bernoulli"),
    # --- queue rules
    Synonym("fcfs, first_come, first_in_first_out, queue, 先着, 先着順, 先入れ先出し, 先入先出", "fifo"),
    Synonym("lcfs, stack, last_in_first_out, newest, 後入れ先出し, 新着順", "lifo"),
    Synonym(
        "sjf, spt, sept, shortest, shortest_job_first, cmu, wspt",
        "value_per_hour",
        "takes first what brings most for an hour of effort",
    ),
    Synonym(
        "edd, edf, deadline, earliest_due_date, sla, due_date, 期限, 期限順, 納期順",
        "due",
        "by each stage's `sla`",
    ),
    Synonym(
        "priority, prio, hpf, preemptive, 優先, 優先度, 優先順位",
        "fifo",
        "with the classes that go first: {rule: fifo, first: {segment: large}}",
    ),
    Synonym("siro, rss, rand, ランダム, 無作為", "random"),
    Synonym("amount, revenue, biggest, largest, 金額, 金額順", "value"),
    Synonym("hot, lead_score, スコア, スコア順", "score"),
    # --- other choices
    Synonym("買い切り, 売り切り, 一括, 単発, 都度, スポット, one-off, onetime, one_time, single, once", "one_off"),
    Synonym(
        "継続, サブスク, サブスクリプション, 月額, 年額, 定額, 経常, subscription, arr, mrr, saas", "recurring"
    ),
    Synonym("四半期, 四半期ごと, 3か月, 3ヶ月, 3カ月, q, quarterly", "quarter"),
    Synonym("半年, 半期, 上期, 下期, 6か月, 6ヶ月, half, half-year, halfyear, semester", "half_year"),
    Synonym("月, 月次, 毎月, 月間, 1か月, 1ヶ月, monthly, mo", "month"),
    Synonym("年, 年次, 毎年, 年間, 通期, 年度, 1年, yearly, annual, y", "year"),
    Synonym("均等, 負荷, 負荷順, 少ない順, 手持ちの少ない順, 空いている人, load, shortest_queue", "least_loaded"),
    Synonym("順番, 輪番, 持ち回り, ラウンドロビン, round-robin, roundrobin, rotation", "round_robin"),
    Synonym("スキル, スキル順, 実力順, 成績順, 能力順, skill, best, best_rep", "best_skill"),
    Synonym("地域, 担当地域, 地域別, エリア, テリトリー, 地区, area, region", "territory"),
    Synonym("空き次第, 手が空いたとき, 空いたら, 空き, free, pull, on_free", "when_free"),
    Synonym("到着時, 着信時, 発生時, 即時, すぐ, arrival, push, at_arrival, immediately", "on_arrival"),
    Synonym("中断, 一時停止, 持ち越し, 翌日, stop, interrupt, suspend, resume", "pause"),
    Synonym("完了, 残業, 終わらせる, 最後まで, 続行, complete, continue, overtime", "finish"),
    Synonym("待つ, 待機, 保留, 止める, wait, block, queue", "hold"),
    Synonym("断る, 拒否, 却下, 追い返す, 失う, reject, drop, lose, refuse", "turn_away"),
    Synonym("最初, 初回, 1回目, はじめ", "first"),
    Synonym("最後, 最終, 最終回", "last"),
    Synonym("全部, 全て, すべて, 毎回, 全回, every, each", "all"),
    Synonym("同じ担当, 同じ担当者, 同一担当, 同じ人, same", "same_rep"),
    Synonym("誰でも, だれでも, 別の担当, any, anyone", "any_rep"),
    Synonym("増加, 上昇, 上がる, 増える, increase, higher, more, rise", "up"),
    Synonym("減少, 低下, 下がる, 減る, decrease, lower, less, fall", "down"),
    Synonym("同じ, 変わらない, 横ばい, 不変, unchanged, none, equal", "same"),
    # --- teams
    Synonym(
        "server, servers, capacity, resource, resources, agents, count, size, number, n, quantity, units, "
        "staff, reps, workers, members, fte, heads, 人数, 人員, 要員, 定員, 担当者数, メンバー",
        "headcount",
    ),
    Synonym(
        "schedule, shift, shifts, hours, working_hours, 営業時間, 勤務時間, シフト, カレンダー",
        "calendar",
    ),
    Synonym(
        "discipline, queue_discipline, policy, priority, rule, queue_rule, 待ち行列, 順番, 優先順位",
        "queue",
    ),
    Synonym("max_wip, wip, concurrency, 同時案件数, 担当上限", "wip_limit", "", "selling_share"),
    Synonym("turnover, churn, quit_rate, 離職率, 退職率", "attrition"),
    Synonym("wage, pay, cost_per_rep, 給与, 給料, 年収, 月給, 人件費", "salary"),
    Synonym(
        "salary, wage, wages, 給与, 給料, 年収, 人件費, 費用, コスト",
        "cost",
        "cost: {salary: 9_000_000 / y}",
        "selling_share",
    ),
    Synonym("費用, コスト, 獲得単価, cpl, cost_per_lead", "cost", "money per lead", "bursts"),
    Synonym(
        "utilisation, utilization, availability, 稼働率",
        "selling_share",
        "the share of working hours for leads",
    ),
    Synonym("onboarding, ramp_up, learning, 立ち上がり, 習熟", "ramp"),
    Synonym("leave, vacation, holidays, time_off, pto, 休暇, 有給", "absence"),
    Synonym("recruiting, recruitment, hire, time_to_hire, 採用, 採用期間, 補充, 欠員補充", "hiring"),
    Synonym("期間, 対象期間, 周期, span, per, interval, cycle", "period", "month, quarter, half_year or year"),
    Synonym("採用期間, 採用日数, 補充期間, 期間, days, time", "time_to_fill"),
    Synonym("歩合, インセンティブ, コミッション, 手数料, bonus, incentive", "commission"),
    Synonym("target, goal, 目標, ノルマ, 予算", "quota"),
    # --- sources
    Synonym(
        "arrival, arrivals, interarrival, inter_arrival, interarrival_time, iat, interval, 間隔, 到着間隔",
        "every",
        "or a `rate` such as 500 / mo",
    ),
    Synonym(
        "arrival_rate, lambda, lambd, leads, volume, per_month, leads_per_month, frequency, 件数, 流入数, "
        "流入, 月間件数, リード数",
        "rate",
    ),
    Synonym("seasonality, season, profile, 季節性, 季節", "pattern"),
    Synonym("list, list_size, population, pool, 市場, リスト", "market"),
    Synonym("conversion, convert, hit_rate, 反応率", "yield", "the chance that a contact gives a lead"),
    Synonym("entry, enters, stage, next, start_stage, 入口, 流入先", "to"),
    # --- stages
    Synonym(
        "duration, time, service_time, service, processing_time, process_time, handle_time, handling_time, "
        "aht, work, cycle_time, work_time, delay_time, 工数, 作業時間, 所要時間, 対応時間, 処理時間, 時間",
        "effort",
    ),
    Synonym(
        "probability, prob, p, rate, conversion, conversion_rate, win_rate, close_rate, success, "
        "success_rate, yield, pass_rate, 転換率, 成約率, 受注率, 遷移率, 通過率, 確率, 成功率, 進捗率, "
        "移行率",
        "convert",
    ),
    Synonym(
        "servers, resource, resources, owner, role, who, worked_by, department, チーム, 担当, 担当者, 部署, 部門",
        "team",
    ),
    Synonym(
        "delay, lead_time, wait, waiting, buyer_time, customer_time, 検討期間, 検討時間, 待ち時間, リードタイム",
        "decision",
        "the buyer's time after the last touch; `gap` is that between two touches",
    ),
    Synonym("repeats, visits, calls, meetings, repetitions, 回数, 接触回数, 訪問回数, 架電回数", "touches"),
    Synonym("max_wait, maximum_wait, abandon, abandonment, renege, reneging, impatience, 我慢", "patience"),
    Synonym("deadline, due, response_target, 期限, 納期", "sla"),
    Synonym("goto, next_stage, successor, route, 次, 次工程, 次のステージ, 遷移先", "next"),
    Synonym("else, fail, on_fail, failure, lost, loss, lost_to, 失注, 失注理由, 不成立", "otherwise"),
    Synonym("max_visits, max_loops, 最大回数", "at_most"),
    Synonym("won, wins, closes, is_won, 受注, 成約", "books", "`books: true`"),
    Synonym("filter, condition, gate, if, 条件", "accept"),
    Synonym("transfer, handover, hand_off, 引き継ぎ, 引継ぎ, 引継", "handoff"),
    Synonym(
        "queue_limit, queue_capacity, max_queue, buffer, wip, wip_limit, capacity, 待ち上限, 滞留上限",
        "",
        "a limit on leads stands at the top of the file: limits: [{stages: [NAME], wip: 40}]",
        "touches",
    ),
    Synonym(
        "queue_limit, queue_capacity, max_queue, buffer, 待ち上限",
        "",
        "a limit on leads stands at the top of the file: limits: [{stages: [NAME], wip: 40}]; `wip_limit` "
        "is the leads that one rep may own",
        "selling_share",
    ),
    Synonym("amount, max, size, capacity, limit, 上限", "wip"),
    # --- days and months
    Synonym("weekdays, day, 曜日, 営業日", "days"),
    Synonym("time, times, open, opening_hours, business_hours, shift, 時間, 営業時間, 時間帯", "hours"),
    Synonym("country, public_holidays, 祝日, 国", "holidays", "a country code such as JP"),
    Synonym("off, vacation, days_off, exceptions, dates, 休業日, 休日, 定休日, 休み, 休業", "closed"),
    # --- days and months
    Synonym("weekdays, weekday, workdays, 平日", "", "write mon-fri", "mon"),
    Synonym("weekend, weekends, 土日, 週末", "", "write sat-sun", "mon"),
    Synonym("monday, 月, 月曜, 月曜日", "mon"),
    Synonym("tuesday, tues, 火, 火曜, 火曜日", "tue"),
    Synonym("wednesday, 水, 水曜, 水曜日", "wed"),
    Synonym("thursday, thurs, 木, 木曜, 木曜日", "thu"),
    Synonym("friday, 金, 金曜, 金曜日", "fri"),
    Synonym("saturday, 土, 土曜, 土曜日", "sat"),
    Synonym("sunday, 日, 日曜, 日曜日", "sun"),
    Synonym("january, 1, 1月", "jan"),
    Synonym("february, 2, 2月", "feb"),
    Synonym("march, 3, 3月", "mar"),
    Synonym("april, 4, 4月", "apr"),
    Synonym("5, 5月", "may"),
    Synonym("june, 6, 6月", "jun"),
    Synonym("july, 7, 7月", "jul"),
    Synonym("august, 8, 8月", "aug"),
    Synonym("september, 9, 9月", "sep"),
    Synonym("october, 10, 10月", "oct"),
    Synonym("november, 11, 11月", "nov"),
    Synonym("december, 12, 12月", "dec"),
    # --- segments, customers and the rest
    Synonym("weight, ratio, probability, proportion, percent, fraction, 割合, 比率, 構成比", "share"),
    Synonym(
        "amount, deal_size, price, acv, arr, revenue, deal_value, 単価, 金額, 受注額, 受注単価, 商談金額",
        "value",
    ),
    Synonym(
        "age_in_days, days, days_open, time_in_stage, 経過, 経過日数, 滞留日数",
        "age",
        "or a column age_days",
    ),
    Synonym("rep, sales_rep, assigned_to, 担当, 担当者, 営業担当", "owner"),
    Synonym("status, phase, ステージ, フェーズ, 段階, 商談フェーズ", "stage"),
    Synonym("churn_rate, cancellation, 解約率, 解約, チャーン", "churn"),
    Synonym("upsell, cross_sell, アップセル, クロスセル", "expansion"),
    Synonym("referrals, 紹介", "referral"),
    Synonym("complaints, tickets, claims, クレーム, 苦情, 問い合わせ", "complaint"),
    Synonym("renewals, 更新, 契約更新", "renewal"),
    Synonym("support, フォロー, 定期訪問", "care"),
    # --- studies
    Synonym("scenarios, variants, alternatives, options, 案, 施策", "arms"),
    Synonym("factors, factor, parameters, params, ranges, 因子, 変数", "vary"),
    Synonym("objective, target, 目的", "maximise", "or `minimise`, with the name of a KPI"),
    Synonym("runs, repetitions, trials, 反復回数", "replications"),
    Synonym("limits, restrictions, 制約, 制約条件", "constraints"),
    Synonym("kpi, metrics, outputs, 指標", "kpis"),
    Synonym("predictions, hypotheses, 予想, 仮説", "predicts"),
    Synonym("scenario, model, file", "base", among="predicts"),
    # --- KPIs
    Synonym("受注, 受注数, 受注件数, 成約, 成約数, 成約件数, wins, deals_won, closed_won", "won"),
    Synonym("受注額, 受注金額, 受注高, 契約額, 成約額, booking, booked", "bookings"),
    Synonym("売上, 売上高, 売り上げ, 収益, sales, turnover", "bookings", "revenue, in time, is 'revenue'"),
    Synonym("粗利, 粗利益, 売上総利益, gross_margin, margin", "gross_profit", "", "gross_profit"),
    Synonym("限界利益, 貢献利益, 利益, profit", "contribution"),
    Synonym("勝率, 受注率, 成約率, 転換率, conversion, conversion_rate, close_rate", "win_rate"),
    Synonym("リードタイム, 商談期間, サイクル, 営業サイクル, 所要日数, sales_cycle, lead_time", "cycle_time"),
    # --- the top of a file
    Synonym(
        "stage, steps, step, process, processes, activities, activity, tasks, pipeline, funnel, line, "
        "ステージ, 段階, 工程, フェーズ, プロセス, 商談ステージ",
        "stages",
    ),
    Synonym(
        "team, servers, server, resources, resource, people, staff, agents, チーム, 部署, 部門, 組織, 担当",
        "teams",
    ),
    Synonym(
        "source, arrivals, arrival, leads, generator, generators, channels, inflow, リード, リード源, "
        "流入, 流入元, 流入経路, チャネル, 集客",
        "sources",
    ),
    Synonym("calendar, schedule, schedules, shifts, hours, カレンダー, 営業時間, 営業日", "calendars"),
    Synonym("segment, products, product, customer_types, セグメント, 顧客層, 顧客区分, 商品", "segments"),
    Synonym("territory, regions, region, areas, 地域, エリア, 担当地域, テリトリー", "territories"),
    Synonym("customer, accounts, clients, 顧客, 既存顧客, お客様", "customers"),
    # --- stages
    Synonym(
        "duration, length, run_length, simulation_time, sim_time, until, end, period, time, 期間, "
        "シミュレーション期間",
        "horizon",
    ),
    Synonym("warm_up, warmup_period, warm-up, burn_in, ウォームアップ, 助走, 助走期間", "warmup"),
    Synonym("start_date, begin, date, 開始, 開始日, 開始日時", "start"),
    Synonym("title, scenario, 名前, 名称, 表題", "name"),
    Synonym("notes, note, comment, comments, 説明, 備考, メモ", "description"),
    Synonym("margin, profit_margin, 粗利, 粗利率, 利益率", "gross_margin"),
    Synonym(
        "cost, expenses, fixed_costs, 費用, コスト, 経費, 固定費",
        "costs",
        "costs: {rent: 50_000 / mo}",
        "score_accuracy",
    ),
    Synonym("limit, wip_limit, wip_limits, 上限, 制限", "limits"),
    Synonym("phase, changes, events, フェーズ切替, 変更", "phases"),
    Synonym("initial, initial_state, pipeline_today, open_deals, 初期状態, 期首", "opening"),
    Synonym("通貨", "currency"),
    Synonym("version, バージョン", "funnelsim"),
    Synonym("base, include, parent, 継承", "extends"),
    Synonym(
        "人数, 人員, headcount, reps, capacity",
        "",
        "people stand in their team: teams: {NAME: {headcount: 5}}",
        "score_accuracy",
    ),
    Synonym(
        "seed, replications, runs, trials, engine, 反復回数",
        "",
        "that is said when it is run: --seed 1, --replications 30, --engine compiled",
        "score_accuracy",
    ),
)
"""Each word leads to the first row that serves at the place."""


def _index() -> dict[str, list[Synonym]]:
    made: dict[str, list[Synonym]] = {}
    for row in TABLE:
        for word in row.words.split(","):
            made.setdefault(word.strip(), []).append(row)
    return made


_ROWS = _index()


def meant(word: str, known: Collection[str], of: str = "") -> str | None:
    """What a word is called among the ``known`` names, as the end of a message; None for a word without a row.

    ``of`` is the distribution whose parameters they are, if any: what ``sigma`` is called depends on it.
    """
    rows = [row for row in _ROWS.get(word, ()) if not row.of or of in row.of.split(", ")]
    for row in sorted(rows, key=lambda row: not row.of):
        if (row.among or row.ours) in known and (not row.ours or row.ours in known):
            return f"write {row.ours!r}" + (f" ({row.note})" if row.note else "") if row.ours else row.note
    return None
