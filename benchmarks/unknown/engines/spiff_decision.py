"""The rule as a DMN decision table in a BPMN process of SpiffWorkflow."""

from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.util.task import TaskState
from trial import trial

PROCESS = """\
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="process">
  <process id="advise" isExecutable="true">
    <startEvent id="start"><outgoing>in</outgoing></startEvent>
    <sequenceFlow id="in" sourceRef="start" targetRef="decide"/>
    <businessRuleTask id="decide" camunda:decisionRef="advice">
      <incoming>in</incoming><outgoing>out</outgoing>
    </businessRuleTask>
    <sequenceFlow id="out" sourceRef="decide" targetRef="end"/>
    <endEvent id="end"><incoming>out</incoming></endEvent>
  </process>
</definitions>
"""
DECISION = """\
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
    id="rule" name="rule" namespace="http://example.org">
  <decision id="advice" name="advice">
    <decisionTable id="table" hitPolicy="{policy}">
      <input id="input" label="pregnant">
        <inputExpression id="expression" typeRef="boolean">
          <text>pregnant</text>
        </inputExpression>
      </input>
      <output id="output" name="advice" typeRef="string"/>
      <rule id="one">
        <inputEntry id="a"><text>True</text></inputEntry>
        <outputEntry id="b"><text>"avoid"</text></outputEntry>
      </rule>
      <rule id="two">
        <inputEntry id="c"><text>{second}</text></inputEntry>
        <outputEntry id="d"><text>"give"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


def by_table(policy: str, second: str, case: dict[str, Any]) -> object:
    """Run the process on a case."""
    parser = CamundaParser()
    parser.add_bpmn_str(PROCESS.encode())
    parser.add_dmn_str(DECISION.format(policy=policy, second=second).encode())
    workflow = BpmnWorkflow(parser.get_spec("advise"))
    workflow.get_next_task(state=TaskState.READY).data.update(case)
    workflow.do_engine_steps()
    return workflow.last_task.data.get("advice")


trial("DMN, FIRST; second row `-`", lambda case: by_table("FIRST", "", case))
trial("DMN, FIRST; second row `not ?`", lambda case: by_table("FIRST", "not ?", case))
trial("DMN, UNIQUE; second row `False`", lambda c: by_table("UNIQUE", "False", c))
