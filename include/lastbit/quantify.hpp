// SPDX-License-Identifier: BSL-1.0
#pragma once
// quantify/: errors against the exact answer, their summaries, conditioning, bounds, certificates, and hard inputs.

#include <lastbit/quantify/activation_bound.hpp>
#include <lastbit/quantify/activation_slopes.hpp>
#include <lastbit/quantify/backward_error.hpp>
#include <lastbit/quantify/bounded_error.hpp>
#include <lastbit/quantify/certificate.hpp>
#include <lastbit/quantify/chain_order.hpp>
#include <lastbit/quantify/condition.hpp>
#include <lastbit/quantify/error.hpp>
#include <lastbit/quantify/explanation.hpp>
#include <lastbit/quantify/extreme_order.hpp>
#include <lastbit/quantify/generate.hpp>
#include <lastbit/quantify/generate_cases.hpp>
#include <lastbit/quantify/generate_matrix.hpp>
#include <lastbit/quantify/hypotheses.hpp>
#include <lastbit/quantify/layer_budget.hpp>
#include <lastbit/quantify/network_bound.hpp>
#include <lastbit/quantify/network_condition.hpp>
#include <lastbit/quantify/number_format.hpp>
#include <lastbit/quantify/order_spread.hpp>
#include <lastbit/quantify/prediction.hpp>
#include <lastbit/quantify/probable_bound.hpp>
#include <lastbit/quantify/product.hpp>
#include <lastbit/quantify/product_demand.hpp>
#include <lastbit/quantify/product_judgment.hpp>
#include <lastbit/quantify/product_reference.hpp>
#include <lastbit/quantify/rms_error.hpp>
#include <lastbit/quantify/running_bound.hpp>
#include <lastbit/quantify/significant_digits.hpp>
#include <lastbit/quantify/stochastic_number.hpp>
#include <lastbit/quantify/summary.hpp>
#include <lastbit/quantify/trace.hpp>
#include <lastbit/quantify/upward.hpp>
#include <lastbit/quantify/witness.hpp>
