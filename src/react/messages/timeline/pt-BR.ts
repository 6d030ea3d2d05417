import type { KycTimelineMessages } from './messages.ts'

/** Portuguese of Brazil. */
export const ptBR = {
  locale: 'pt-BR',
  direction: 'ltr',
  review: 'none',

  title: 'Seu progresso',
  loading: 'Estamos buscando o status mais recente.',
  states: {
    todo: 'A fazer',
    sending: 'Enviando',
    in_review: 'Em análise',
    action_needed: 'Ação necessária',
    done: 'Concluído',
    declined: 'Não concluído',
    expired: 'Prazo encerrado',
    unknown: 'Aguardando atualização',
    not_needed: 'Não é necessário',
  },
  overall: {
    todo: 'Ainda há algo a fazer.',
    sending: 'Seus arquivos estão sendo enviados.',
    in_review: 'Estamos analisando o que você nos enviou. Você não precisa fazer nada agora.',
    action_needed: 'Precisamos de algo de você.',
    done: 'Todas as etapas estão concluídas.',
    declined: 'Não conseguimos concluir o processo. Fale conosco para saber o que você pode fazer.',
    expired: 'O prazo de uma etapa se encerrou. Comece de novo.',
    unknown: 'Estamos aguardando uma atualização.',
  },
  steps: {
    'kyc-file': {
      name: 'Seu documento',
      in_review: 'Estamos analisando seu documento.',
      action_needed:
        'Não conseguimos processar seu documento. Envie-o de novo. Verifique se ele aparece inteiro e se o texto está legível.',
      done: 'Recebemos seu documento.',
    },
    poa: {
      name: 'Comprovante de residência',
      in_review: 'Estamos analisando seu comprovante de residência.',
      action_needed: 'Precisamos de outro comprovante de residência.',
      done: 'A etapa do comprovante de residência está concluída.',
    },
    'kyc-verification': {
      name: 'Verificação de identidade',
      in_review: 'Estamos analisando seus dados. Isso pode levar algum tempo.',
      action_needed: 'Precisamos de mais alguma coisa para concluir sua verificação de identidade.',
      done: 'A etapa de verificação de identidade está concluída.',
      declined: 'Não conseguimos concluir sua verificação de identidade. Fale conosco.',
      expired: 'Sua verificação de identidade não foi concluída a tempo. Comece de novo.',
    },
    'user-balance': {
      name: 'Sua conta',
      in_review: 'Estamos preparando sua conta.',
      done: 'Sua conta está pronta.',
    },
  },
  anyStep: {
    sending: 'Mantenha esta página aberta até o fim do envio.',
    in_review: 'Você não precisa fazer nada agora.',
    action_needed: 'Precisamos de algo de você nesta etapa.',
    declined: 'Não conseguimos concluir esta etapa. Fale conosco.',
    expired: 'Esta etapa não foi concluída a tempo. Comece de novo.',
    unknown: 'Há uma atualização que ainda não podemos mostrar aqui. Volte mais tarde.',
  },
  reasons: {
    unclear: 'Não conseguimos ler seu documento. Envie uma foto mais nítida em que ele apareça inteiro.',
    other_document: 'Não podemos usar este documento. Envie outro.',
  },

  since: 'Desde: {time}',
  updated: 'Atualização: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Sem conexão. Quando ela voltar, esta página será atualizada.',
  connectionFailed: 'Não podemos atualizar esta página agora. Recarregue-a para tentar de novo.',
  connectionBack: 'A conexão voltou.',
  checkAgain: 'Atualizar',
  contact: 'Precisa de ajuda?',
} satisfies KycTimelineMessages
